"""A made-up virus, its amplicons and a plate of samples: reads with known answers, without a genome of anybody."""
