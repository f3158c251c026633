"""Names of resources, for all settings there can be."""

import re
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from azure_ml_platform.catalog.name_rules import NAME_RULES, Kind, Unique
from azure_ml_platform.catalog.regions import REGIONS
from azure_ml_platform.naming import NameRefused, Names

workloads = st.from_regex(r"[a-z][a-z0-9]{1,11}", fullmatch=True)
stacks = st.from_regex(r"[a-z](-?[a-z0-9]){0,15}", fullmatch=True)
seeds = st.from_regex(r"[a-z][a-z0-9]{4}", fullmatch=True)
roles = st.from_regex(r"([a-z](-?[a-z0-9]){1,15})?", fullmatch=True)
names = st.builds(Names, workloads, stacks, st.sampled_from(sorted(REGIONS)), seeds, st.integers(1, 99))
kinds = st.sampled_from(Kind)


def attempt(names: Names, kind: Kind, role: str = "") -> str | NameRefused:
    try:
        return names.of(kind, role)
    except NameRefused as refusal:
        return refusal


def text(names: Names, kind: Kind, role: str = "") -> str:
    """The name, whether Azure would take it or not."""
    answer = attempt(names, kind, role)
    return answer.name if isinstance(answer, NameRefused) else answer


@pytest.mark.avoids("names-too-long")
@settings(deadline=None)
@given(names, kinds, roles)
def test_a_name_keeps_azures_rule_or_is_refused_with_what_is_wrong(names: Names, kind: Kind, role: str) -> None:
    answer, rule = attempt(names, kind, role), NAME_RULES[kind]

    if isinstance(answer, str):
        assert rule.allows(answer)
    else:
        assert answer.excess > 0, "the characters of valid settings are always right"
        assert answer.name in str(answer)
        assert str(rule.max_length) in str(answer)


@settings(deadline=None)
@given(names, kinds, roles)
def test_a_name_is_never_cut(names: Names, kind: Kind, role: str) -> None:
    rule = NAME_RULES[kind]
    name = text(names, kind, role)
    parts = [names.environment, role, names.suffix if rule.suffixed else ""]
    parts += [rule.abbreviation, names.workload, names.region] if rule.regional else []

    for part in parts:
        assert part.replace("-", "") in name.replace("-", "")


@settings(deadline=None)
@given(names, seeds, st.integers(1, 99), st.sampled_from([kind for kind in Kind if NAME_RULES[kind].suffixed]))
def test_two_stacks_that_differ_in_their_seed_alone_never_meet(
    names: Names, seed: str, generation: int, kind: Kind
) -> None:
    assume(names.seed != seed)

    assert text(names, kind) != text(replace(names, seed=seed, generation=generation), kind)


@pytest.mark.avoids("deleted-logs-come-back")
@pytest.mark.avoids("deleted-vault-keeps-its-name")
@settings(deadline=None)
@given(seeds, st.integers(1, 99), st.integers(1, 99))
def test_a_rebuilt_stack_has_names_of_its_own(seed: str, first: int, second: int) -> None:
    assume(first != second)
    one, other = (Names("mlops", "dev", "westeurope", seed, generation) for generation in (first, second))

    assert one.of(Kind.KEY_VAULT) != other.of(Kind.KEY_VAULT)


def test_names_are_read_like_the_cloud_adoption_framework_writes_them() -> None:
    names = Names("mlops", "dev", "westeurope", "k7m2x")

    assert names.of(Kind.RESOURCE_GROUP, "data") == "rg-mlops-dev-weu-data"
    assert names.of(Kind.USER_ASSIGNED_IDENTITY, "workspace") == "id-mlops-dev-weu-workspace"
    assert names.of(Kind.MACHINE_LEARNING_WORKSPACE) == "mlw-mlops-dev-weu-k7m2x"
    assert names.of(Kind.STORAGE_ACCOUNT) == "stmlopsdevweuk7m2x"
    assert names.of(Kind.KEY_VAULT) == "kvmlopsdevweuk7m2x"
    assert names.of(Kind.ONLINE_ENDPOINT, "wine-quality") == "wine-quality-dev-k7m2x"


def test_a_stack_name_with_hyphens_loses_them_where_azure_allows_none() -> None:
    names = Names("mlops", "dev-alice", "westeurope", "k7m2x")

    assert names.of(Kind.STORAGE_ACCOUNT) == "stmlopsdevaliceweuk7m2x"
    assert names.of(Kind.RESOURCE_GROUP, "data") == "rg-mlops-dev-alice-weu-data"


def test_a_later_generation_shows_in_the_suffix() -> None:
    names = Names("mlops", "dev", "westeurope", "k7m2x", generation=2)

    assert names.of(Kind.STORAGE_ACCOUNT) == "stmlopsdevweuk7m2x2"


def test_a_refusal_names_kind_name_length_and_limit() -> None:
    names = Names("fraudscoring", "local", "westeurope", "k7m2x")

    with pytest.raises(NameRefused) as refused:
        names.of(Kind.STORAGE_ACCOUNT)

    assert str(refused.value) == (
        "storage account would be named 'stfraudscoringlocalweuk7m2x' (27 characters), "
        "and Azure allows 3 to 24 characters"
    )
    assert refused.value.excess == 3


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (Kind.STORAGE_ACCOUNT, "st-1"),
        (Kind.STORAGE_ACCOUNT, "Account"),
        (Kind.CONTAINER_REGISTRY, "cr-1234"),
        (Kind.KEY_VAULT, "1vault"),
        (Kind.KEY_VAULT, "kv--1"),
        (Kind.KEY_VAULT, "kv-"),
        (Kind.MACHINE_LEARNING_WORKSPACE, "-mlw"),
        (Kind.MACHINE_LEARNING_WORKSPACE, "m" * 34),
        (Kind.ONLINE_ENDPOINT, "1wine"),
        (Kind.ONLINE_ENDPOINT, "wi"),
        (Kind.ONLINE_ENDPOINT, "wine_1"),
        (Kind.RESOURCE_GROUP, "group."),
        (Kind.LOG_ANALYTICS_WORKSPACE, "log-"),
    ],
)
def test_what_azure_refuses_no_rule_allows(kind: Kind, name: str) -> None:
    assert not NAME_RULES[kind].allows(name)


@pytest.mark.parametrize("kind", Kind)
def test_what_is_unique_beyond_the_subscription_carries_the_suffix(kind: Kind) -> None:
    rule = NAME_RULES[kind]

    assert rule.suffixed or rule.unique not in (Unique.WORLD, Unique.REGION)


def test_abbreviations_tell_kinds_apart() -> None:
    abbreviations = [rule.abbreviation for rule in NAME_RULES.values() if rule.abbreviation]

    assert len(set(abbreviations)) == len(abbreviations)
    assert all(re.fullmatch(r"[a-z]+", abbreviation) for abbreviation in abbreviations)
