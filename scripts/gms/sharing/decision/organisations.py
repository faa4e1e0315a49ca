"""The parties of the National Genomics Platform: the seven regions with a university hospital and seven universities.

Source: the agreements of the platform (genomicmedicine.se). The list is closed: nobody else receives data.
"""

PARTIES = {
    "region-stockholm": "Region Stockholm",
    "region-uppsala": "Region Uppsala",
    "vastra-gotalandsregionen": "Västra Götalandsregionen",
    "region-skane": "Region Skåne",
    "region-ostergotland": "Region Östergötland",
    "region-vasterbotten": "Region Västerbotten",
    "region-orebro-lan": "Region Örebro län",
    "karolinska-institutet": "Karolinska Institutet",
    "uppsala-universitet": "Uppsala universitet",
    "goteborgs-universitet": "Göteborgs universitet",
    "lunds-universitet": "Lunds universitet",
    "linkopings-universitet": "Linköpings universitet",
    "umea-universitet": "Umeå universitet",
    "orebro-universitet": "Örebro universitet",
}
COUNTRY = "SE"  # of all of them, ISO 3166-1
