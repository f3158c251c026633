"""Feature stores: entities, and sets of features about them."""

from local.arm.documents import Json
from tests.unit.arm.doubles import Azure, Platform, feature_store

COLUMNS: Json = {"properties": {"indexColumns": [{"columnName": "id", "dataType": "String"}]}}


def test_features_belong_into_a_feature_store(azure: Azure, platform: Platform) -> None:
    entity = "featurestoreEntities/account/versions/1"
    assert azure("PUT", f"{platform.workspace}/{entity}", COLUMNS).code == "ValidationError"
    store = feature_store(azure, platform)
    azure.put(f"{store}/{entity}", COLUMNS)
    other = {"properties": {"indexColumns": [{"columnName": "key", "dataType": "String"}]}}
    assert azure("PUT", f"{store}/{entity}", other).code == "PropertyChangeNotAllowed"


def test_a_feature_set_is_about_entities_that_exist(azure: Azure, platform: Platform) -> None:
    store = feature_store(azure, platform)
    path, specification = f"{store}/featuresets/sales/versions/1", {"path": "azureml://datastores/d/paths/spec"}

    def put(*entities: str, specification: Json = specification) -> str:
        return azure("PUT", path, {"properties": {"specification": specification, "entities": list(entities)}}).code

    assert put() == "ValidationError"
    assert put("account") == "ValidationError"
    assert put("azureml:account:1") == "LinkedResourceNotFound"
    assert put("azureml:account:1", specification={}) == "ValidationError"
    azure.put(f"{store}/featurestoreEntities/account/versions/1", COLUMNS)
    assert put("azureml:account:1") == ""
