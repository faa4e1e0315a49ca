# Functions of what a job is about, as in common.smk: its viral sample, or the assay of that.
def of_viral(facts):
    return lambda wildcards: facts(RUN.viral_samples[wildcards.sample])


def of_virus(facts):
    known = {name: facts(assay) for name, assay in RUN.viruses.items()}
    return lambda wildcards: known[RUN.viral_samples[wildcards.sample].assay]


def of_virus_named(facts):
    return lambda wildcards: facts(RUN.viruses[wildcards.virus])


virus_genome = of_virus(lambda assay: f"reference/viral/{assay.name}/genome.fa")


def of_plate(facts):
    return lambda wildcards: facts(RUN.plates[wildcards.plate])


def of_plate_assay(facts):
    known = {
        name: facts(RUN.viruses[plate.assay]) for name, plate in RUN.plates.items()
    }
    return lambda wildcards: known[wildcards.plate]


def made_by(tool, path, given=lambda path: []):
    """What the rule of a typing tool makes; `given` of the file where results were given."""

    def inputs(wildcards):
        known = getattr(RUN.viruses[RUN.plates[wildcards.plate].assay], tool)
        return path.format(plate=wildcards.plate) if known == "run" else given(known)

    return inputs


def result_of(tool, path):
    """Results of a typing tool: the file that was given, or what its rule makes."""
    return made_by(tool, path, optional_input)


handed_over = [
    name for name, plate in RUN.plates.items() if RUN.viruses[plate.assay].laboratory
]


# Human reads are looked for where something is handed over and the run has a human reference.
def human_of(*patterns):
    def inputs(wildcards):
        plate = RUN.plates[wildcards.plate]
        if RUN.reference.fasta is None or wildcards.plate not in handed_over:
            return []
        return [
            pattern.format(sample=sample.name)
            for sample in plate.samples
            for pattern in patterns
        ]

    return inputs
