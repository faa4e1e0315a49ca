"""Small variants that another workflow called: a case may start from their VCF, without reads."""
