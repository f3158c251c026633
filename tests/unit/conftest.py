"""What all unit tests share."""

import gc

from local.engine.host import sdk_imports

# The SDKs load as the language host loads them: the same classes, in a fraction of the time.
sdk_imports.install()

# Tens of thousands of their classes live to the end: looking through them for garbage less often saves a tenth.
gc.set_threshold(200_000, 20, 50)
