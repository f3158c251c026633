"""Each error of the engine that has one known cause becomes one sentence with what mends it."""

from dataclasses import replace

import pytest

from ops.messages import explain
from ops.target import Target


@pytest.mark.parametrize(
    ("errors", "sentence"),
    [
        (
            "error: getting stack configuration: get stack secrets manager: incorrect passphrase",
            "error: the passphrase in /secret/file is not the one that stack local was made with; put that one back; "
            "or remove the local target with `make clean` and start anew",
        ),
        (
            "error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE",
            "error: stack local is encrypted by a passphrase; set PULUMI_CONFIG_PASSPHRASE or "
            "PULUMI_CONFIG_PASSPHRASE_FILE to it",
        ),
        (
            "error: could not load plugin: no resource plugin 'pulumi-resource-azure-native' found in the workspace "
            "at version v3.29.0 or on your $PATH",
            "error: the engine's plugin 'azure-native' is missing; run `make up` to install it",
        ),
        (
            "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
            "error: no place for the state of stack local is chosen; `pulumi login` (Pulumi Cloud) or "
            "`pulumi login azblob://<container>?storage_account=<account>` chooses one",
        ),
        (
            "error: [409] Conflict: Another update is currently in progress.",
            "error: another update of stack local is in progress; wait until it ends",
        ),
    ],
)
def test_a_known_cause_has_a_sentence(target: Target, errors: str, sentence: str) -> None:
    with_file = replace(target, environment={"PULUMI_CONFIG_PASSPHRASE_FILE": "/secret/file"})
    assert explain(errors, with_file) == sentence


def test_other_errors_are_not_explained(target: Target) -> None:
    assert explain("error: update failed", target) is None
