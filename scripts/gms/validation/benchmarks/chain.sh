#!/bin/bash
# What a practised hand would type for one germline genome: the workflow's tools and settings, without the workflow.
# Calls of delly and TIDDIT stay as they are; the workflow counts reads of each event, as of each small variant.
# usage: chain.sh REFERENCE R1 R2 OUT CORES MULTIQC_CONFIG
set -euo pipefail
source "$(dirname "$0")/calls.sh"
reference=$1 r1=$2 r2=$3 out=$4 cores=$5 multiqc_config=$6
mkdir -p "$out"/{reference,pieces,qc,report,structural}
cd "$out"
ln -s "$reference" reference/genome.fa
export fasta=reference/genome.fa cram=sample.cram
samtools faidx $fasta
bwa index $fasta 2> bwa_index.log

bwa mem -t "$cores" -K 100000000 -Y -R '@RG\tID:S.L001\tSM:S\tLB:S\tPU:L001\tPL:ILLUMINA' $fasta "$r1" "$r2" 2> bwa.log \
    | samtools fixmate -u -m - - \
    | samtools sort -u -m 1G -T sort - \
    | samtools markdup -@ "$cores" -T markdup --reference $fasta -O cram --write-index - "$cram##idx##$cram.crai"

freebayes_piece() { freebayes -f $fasta -r "$1" --use-best-n-alleles 6 $cram > "pieces/freebayes.$1.vcf"; }
bcftools_piece() {
    bcftools mpileup --fasta-ref $fasta --regions "$1" --min-MQ 20 --min-BQ 15 --max-depth 2000 --max-idepth 2000 \
        --annotate FORMAT/AD,FORMAT/DP --output-type u $cram 2> /dev/null \
        | bcftools call --multiallelic-caller --variants-only --output-type v > "pieces/bcftools.$1.vcf"
}
depth() { MOSDEPTH_PRECISION=6 mosdepth --no-per-base --fast-mode --mapq 20 --fasta $fasta --by windows.bed \
    --thresholds 10 qc/sample $cram; }
statistics() { samtools stats --reference $fasta $cram > qc/sample.stats.txt; }
delly_all() { OMP_NUM_THREADS=1 delly call -g $fasta -o structural/delly.bcf $cram &> structural/delly.log; }
tiddit_all() {
    tiddit --sv --skip_assembly --threads 1 --bam $cram --ref $fasta -o structural/tiddit &> structural/tiddit.log \
        || grep -q "non-empty take" structural/tiddit.log # its end where no two unusual fragments lie together
}
export -f freebayes_piece bcftools_piece depth statistics delly_all tiddit_all

# One queue, the longest jobs first, so that all cores are busy to the end.
awk '{ for (s = 0; s < $2; s += 1000) print $1 "\t" s "\t" (s + 1000 < $2 ? s + 1000 : $2) }' $fasta.fai > windows.bed
awk '{ for (s = 0; s < $2; s += 2500000) print $1 ":" s + 1 "-" (s + 2500000 < $2 ? s + 2500000 : $2) }' $fasta.fai > pieces.txt
{ sed 's/^/freebayes_piece /' pieces.txt; echo delly_all; echo tiddit_all; sed 's/^/bcftools_piece /' pieces.txt; echo statistics; echo depth; } \
    | xargs -P "$cores" -I{} bash -c '{}'

joined_calls \
    | bcftools filter --soft-filter LowQuality --exclude 'QUAL<20 || INFO/DP<4' --output-type z --output filtered.vcf.gz
bcftools view --apply-filters PASS --output-type z --output reported.vcf.gz filtered.vcf.gz
for vcf in filtered reported; do bcftools index --tbi $vcf.vcf.gz; done
multiqc --force --no-ansi --config "$multiqc_config" --outdir report --filename multiqc.html qc > multiqc.log 2>&1
