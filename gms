#!/usr/bin/env python3
"""The command line of the Genomic Medicine Sweden workflow; ./gms --help lists its commands."""

import locale
import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 (an older Python gets a sentence)
    sys.exit("gms needs Python 3.11 or newer; python3 here is " + sys.version.split()[0])

# Texts are UTF-8 whatever the locale is, those of the jobs too.
if not sys.flags.utf8_mode and locale.getencoding() != "UTF-8":
    os.environ["PYTHONUTF8"] = "1"
    os.execv(sys.executable, [sys.executable, *sys.argv])

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "scripts"))

from gms.commands.table import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
