#!/bin/bash
# What a practised hand would type for one tumour of a gene panel: the workflow's tools and settings, without the workflow.
# Calls of delly stay as they are; the workflow counts reads of each event, as of each small variant.
# usage: panel_chain.sh DATA OUT CORES MULTIQC_CONFIG
set -euo pipefail
source "$(dirname "$0")/../benchmarks/calls.sh"
data=$1 out=$2 cores=$3 multiqc_config=$4
mkdir -p "$out"/{reference,pieces,qc,report,structural,copy_number}
cd "$out"
ln -s "$data/reference.fa" reference/genome.fa
ln -s "$data/targets.bed" "$data/normals.cnn" "$data/genes.gff3" .
export fasta=reference/genome.fa cram=sample.cram
samtools faidx $fasta
bwa index $fasta 2> bwa_index.log

fastp --in1 "$data/reads_R1.fastq.gz" --in2 "$data/reads_R2.fastq.gz" --stdout --thread 1 --html /dev/null \
    --json qc/sample.fastp.json 2> fastp.log \
    | bwa mem -t "$cores" -K 100000000 -Y -R '@RG\tID:S.L001\tSM:S\tLB:S\tPU:L001\tPL:ILLUMINA' -p $fasta - 2> bwa.log \
    | samtools fixmate -u -m - - \
    | samtools sort -u -m 1G -T sort - \
    | samtools markdup -@ "$cores" -T markdup --reference $fasta -O cram --write-index - "$cram##idx##$cram.crai"

freebayes_piece() {
    freebayes -f $fasta -t "pieces/$1" --use-best-n-alleles 6 --pooled-continuous --min-alternate-count 2 \
        --min-mapping-quality 20 --min-base-quality 15 --min-alternate-fraction 0.005 $cram > "pieces/freebayes.$1.vcf"
}
bcftools_piece() {
    bcftools mpileup --fasta-ref $fasta --regions-file "pieces/$1" --min-MQ 20 --min-BQ 15 --max-depth 1000000 \
        --max-idepth 1000000 --annotate FORMAT/AD,FORMAT/DP --gap-frac 0.005 --min-ireads 2 --output-type u $cram \
        2> /dev/null | bcftools view \
        --include 'MAX(FORMAT/AD[0:1-])>=2 && MAX(FORMAT/AD[0:1-])>=0.005*FORMAT/DP[0]' > "pieces/bcftools.$1.vcf"
}
depth() { MOSDEPTH_PRECISION=6 mosdepth --mapq 20 --fasta $fasta --by targets.bed --thresholds 100,250,500 qc/sample $cram; }
statistics() { samtools stats --reference $fasta $cram > qc/sample.stats.txt; }
delly_all() { OMP_NUM_THREADS=1 delly call -g $fasta -o structural/delly.bcf $cram &> structural/delly.log; }
copies() { cnvkit.py batch $cram -r normals.cnn --segment-method cbs -d copy_number &> copy_number/log; }
export -f freebayes_piece bcftools_piece depth statistics delly_all copies

# One queue, the longest jobs first, so that all cores are busy to the end.
# 50 bases beside each target are called, too: its splice sites.
awk -v OFS='\t' '{ print $1, ($2 > 50 ? $2 - 50 : 0), $3 + 50 }' targets.bed > called.bed
split --number "l/$((2 * cores))" called.bed pieces/bed.
ls pieces > pieces.txt
{ sed 's/^/freebayes_piece /' pieces.txt; echo copies; sed 's/^/bcftools_piece /' pieces.txt; echo delly_all; echo statistics; echo depth; } \
    | xargs -P "$cores" -I{} bash -c '{}'

joined_calls \
    | bcftools csq --force --local-csq --fasta-ref $fasta --gff-annot genes.gff3 2> csq.log \
    | bcftools filter --soft-filter LowVaf --exclude 'FORMAT/AD[0:1]<20 || FORMAT/AD[0:1]<0.01*FORMAT/DP' \
        --output-type z --output filtered.vcf.gz
bcftools view --apply-filters PASS --output-type z --output reported.vcf.gz filtered.vcf.gz
for vcf in filtered reported; do bcftools index --tbi $vcf.vcf.gz; done
multiqc --force --no-ansi --config "$multiqc_config" --outdir report --filename multiqc.html qc > multiqc.log 2>&1
