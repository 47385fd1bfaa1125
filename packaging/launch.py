"""What the bundle starts: the command `clew`, which opens the window when it is given no verb."""

import multiprocessing

from clew.cli.main import main

if __name__ == "__main__":
    multiprocessing.freeze_support()
    main()
