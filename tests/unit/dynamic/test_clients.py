"""Azure's client libraries, loaded by many of a provider's threads at once."""

import subprocess
import sys

ENTER_AT_ONCE = """
import sys, threading
from importlib import import_module
from azure_ml_platform.dynamic import clients

sys.setswitchinterval(1e-6)
places = ["azure.core", "azure.core.exceptions", "azure.core.pipeline", "azure.core.rest", "azure.identity",
          "azure.storage.blob"] * 2
ready = threading.Barrier(len(places))
failed = []

def enter(place):
    ready.wait()
    try:
        clients.load(clients.BLOB)
        import_module(place)
    except Exception as error:
        failed.append(repr(error))

threads = [threading.Thread(target=enter, args=(place,)) for place in places]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
sys.exit("; ".join(failed) or 0)
"""


def test_threads_that_start_together_all_get_the_libraries() -> None:
    done = subprocess.run([sys.executable, "-c", ENTER_AT_ONCE], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
