# Part of the shell chains: the calls of both callers, one VCF of all alleles. Pieces are pieces/CALLER.PIECE.vcf, their
# names in pieces.txt; the genome is $fasta.
joined_calls() {
    local caller piece
    for caller in freebayes bcftools; do
        { grep '^#' "pieces/$caller.$(head -1 pieces.txt).vcf"
          while read -r piece; do grep -v '^#' "pieces/$caller.$piece.vcf" || true; done < pieces.txt; } \
            | bcftools norm -m- -f $fasta 2> /dev/null | bcftools norm -a -f $fasta 2> /dev/null \
            | bcftools sort --output-type z --output $caller.vcf.gz 2> /dev/null &
    done
    wait
    for caller in freebayes bcftools; do bcftools index --tbi $caller.vcf.gz; done
    bcftools concat --allow-overlaps --rm-dups exact freebayes.vcf.gz bcftools.vcf.gz 2> /dev/null
}
