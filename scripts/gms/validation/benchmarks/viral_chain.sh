#!/bin/bash
# What a practised hand would type for a plate of amplicon reads: the workflow's tools and settings, without the workflow.
# usage: viral_chain.sh REFERENCE PRIMERS READS_FOLDER OUT CORES
set -euo pipefail
reference=$1 primers=$2 reads=$3 out=$4 cores=$5
mkdir -p "$out"
cd "$out"
ln -s "$reference" genome.fa
export primers reads
samtools faidx genome.fa
bwa index genome.fa 2> bwa_index.log

one() {
    set -euo pipefail
    fastp --in1 "$reads/$1_R1.fastq.gz" --in2 "$reads/$1_R2.fastq.gz" --stdout --thread 1 --json /dev/null --html /dev/null \
        2> /dev/null | bwa mem -t 1 -K 100000000 -Y -p genome.fa /dev/stdin 2> /dev/null \
        | samtools ampliconclip -u --both-ends --strand -b "$primers" -f "$1.clipped.txt" - 2> /dev/null \
        | samtools fixmate -u -m - - | samtools sort -m 500M -T "$1.sort" --write-index -o "$1.bam##idx##$1.bam.bai" -
    bcftools mpileup -f genome.fa -d 1000000 -L 1000000 -q 20 -Q 20 -a AD,ADF,DP -O u "$1.bam" 2> /dev/null \
        | bcftools call --ploidy 1 -m -v -O z -o "$1.vcf.gz" -
    bcftools index --tbi "$1.vcf.gz"
    samtools depth -a -J -q 20 -Q 20 "$1.bam" | awk '$3 < 10 { print $1 "\t" $2 - 1 "\t" $2 }' > "$1.mask.bed"
    bcftools consensus -m "$1.mask.bed" -f genome.fa "$1.vcf.gz" > "$1.fasta" 2> /dev/null
}
export -f one
for path in "$reads"/*_R1.fastq.gz; do basename "$path" _R1.fastq.gz; done | xargs -P "$cores" -I{} bash -c 'one {}'
