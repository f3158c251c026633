"""Deployments of templates: order, parameters, what is on record, what is refused and why."""

import copy
import re
import uuid
from typing import Any

import pytest

from local.arm.documents import Json
from tests.unit.arm.doubles import REGION, Answer, Azure

IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities"
STORAGE = "Microsoft.Storage/storageAccounts"
DEPLOYMENTS = "providers/Microsoft.Resources/deployments"


def identity(name: str, **members: Any) -> Json:
    return {"type": IDENTITY, "apiVersion": "2023-01-31", "name": name, "location": REGION, **members}


def body(resources: Any, *, parameters: Json | None = None, properties: Json | None = None, **template: Any) -> Json:
    """The body of a deployment."""
    whole = {"$schema": "https://schema.management.azure.com/…#", "contentVersion": "1.0.0.0", "resources": resources}
    return {
        "properties": {
            "mode": "Incremental",
            "template": whole | template,
            "parameters": {name: {"value": value} for name, value in (parameters or {}).items()},
            **(properties or {}),
        }
    }


def deployed(azure: Azure, group: str, content: Json, name: str = "main") -> Answer:
    """A deployment that was accepted, at its end."""
    return azure.put(f"{group}/{DEPLOYMENTS}/{name}", content)


def refusal(azure: Azure, content: Json) -> str:
    """Why a deployment is not accepted."""
    answer = azure("PUT", f"{azure.group()}/{DEPLOYMENTS}/main", content)
    assert (answer.status, answer.code) == (400, "InvalidTemplate"), answer.body
    return answer.message


def test_resources_are_put_in_an_order_that_their_dependencies_allow(azure: Azure) -> None:
    group = azure.group()
    account = {"type": STORAGE, "apiVersion": "2023-05-01", "name": "stdeployed", "location": REGION}
    account |= {"kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    container = {
        "type": f"{STORAGE}/blobServices/containers",
        "apiVersion": "2023-05-01",
        "name": "stdeployed/default/data",
        "dependsOn": [f"[resourceId('{STORAGE}', 'stdeployed')]", "id-first"],
    }
    done = deployed(azure, group, body([container, account, identity("id-first")]))
    assert done.properties["provisioningState"] == "Succeeded", done.body
    written = [entry["id"].rpartition("/")[2] for entry in done.properties["outputResources"]]
    assert written == ["stdeployed", "id-first", "data"]
    assert azure("GET", f"{group}/providers/{STORAGE}/stdeployed/blobServices/default/containers/data").status == 200


def test_a_deployment_tells_what_it_did(azure: Azure) -> None:
    group = azure.group()
    done = deployed(azure, group, body([identity("id-one")], outputs={"where": {"type": "string", "value": "here"}}))
    assert done.properties["outputs"] == {"where": {"type": "string", "value": "here"}}
    assert done.properties["providers"][0]["namespace"] == "Microsoft.ManagedIdentity"
    assert "template" not in done.properties
    [step] = azure("GET", f"{group}/{DEPLOYMENTS}/main/operations").body["value"]
    assert step["properties"]["targetResource"]["id"] == f"{group}/providers/{IDENTITY}/id-one"
    assert azure("GET", step["id"]).body == step
    assert azure("GET", f"{group}/deployments/main/operations").body["value"] == [step]
    assert [entry["name"] for entry in azure("GET", f"{group}/{DEPLOYMENTS}").body["value"]] == ["main"]
    assert azure("HEAD", f"{group}/{DEPLOYMENTS}/main").status == 204
    template = azure("POST", f"{group}/{DEPLOYMENTS}/main/exportTemplate").body["template"]
    assert template["resources"] == [identity("id-one")]


def test_deleting_a_deployment_leaves_what_it_deployed(azure: Azure) -> None:
    group = azure.group()
    deployed(azure, group, body([identity("id-one")]))
    azure.delete(f"{group}/{DEPLOYMENTS}/main")
    assert azure("GET", f"{group}/{DEPLOYMENTS}/main").status == 404
    assert [item["name"] for item in azure("GET", f"{group}/resources").body["value"]] == ["id-one"]


def test_a_deployment_again_changes_what_the_template_changed(azure: Azure) -> None:
    group = azure.group()
    deployed(azure, group, body([identity("id-one")]))
    deployed(azure, group, body([identity("id-one", tags={"owner": "me"})]))
    assert azure("GET", f"{group}/providers/{IDENTITY}/id-one").body["tags"] == {"owner": "me"}


def test_expressions_read_parameters_variables_and_the_place(azure: Azure) -> None:
    group = azure.group()
    content = body(
        [
            identity(
                "[concat(variables('prefix'), parameters('names')[1])]",
                location="[resourceGroup().location]",
                tags={"group": "[resourceGroup().name]", "in": "[subscription().subscriptionId]", "text": "[[literal]"},
            )
        ],
        variables={"prefix": "[concat('id', variables('dash'))]", "dash": "-"},
    )
    content["properties"]["template"]["parameters"] = {
        "names": {"type": "array"},
        "count": {"type": "int", "defaultValue": 1},
    }
    content["properties"]["parameters"] = {"Names": {"value": ["x", "one"]}}
    done = deployed(azure, group, content)
    assert done.properties["parameters"]["count"] == {"type": "Int", "value": 1}
    found = azure("GET", f"{group}/providers/{IDENTITY}/id-one").body
    assert found["location"] == REGION
    assert found["tags"] == {"group": "rg-test", "in": azure.directory.subscription_id, "text": "[literal]"}


def test_a_default_refers_to_what_was_sent_and_to_the_defaults_before_it(azure: Azure) -> None:
    content = body([], outputs={"found": {"type": "string", "value": "[parameters('last')]"}})
    content["properties"]["template"]["parameters"] = {
        "first": {"type": "string", "defaultValue": "[concat(parameters('sent'), 'b')]"},
        "last": {"type": "string", "defaultValue": "[concat(parameters('first'), 'c')]"},
        "sent": {"type": "string"},
    }
    content["properties"]["parameters"] = {"sent": {"value": "a"}, "first": {"value": None}}
    assert deployed(azure, azure.group(), content).properties["outputs"]["found"]["value"] == "abc"


def test_a_secure_parameter_is_never_shown(azure: Azure) -> None:
    group = azure.group()
    content = body([], parameters={"password": "hidden-value"})
    content["properties"]["template"]["parameters"] = {"password": {"type": "secureString"}}
    done = deployed(azure, group, content)
    assert done.properties["parameters"] == {"password": {"type": "SecureString"}}
    assert "hidden-value" not in str(done.body)


def test_a_subscription_deployment_makes_groups_and_deploys_into_them(azure: Azure) -> None:
    group = {"type": "Microsoft.Resources/resourceGroups", "apiVersion": "2024-03-01", "name": "rg-new"}
    inner = {
        "type": "Microsoft.Resources/deployments",
        "apiVersion": "2024-03-01",
        "name": "inner",
        "resourceGroup": "rg-new",
        "dependsOn": ["rg-new"],
        **body([identity("id-inner", location="[resourceGroup().location]")]),
    }
    content = body([inner, group | {"location": REGION}]) | {"location": REGION}
    done = azure.put(f"{azure.subscription}/{DEPLOYMENTS}/main", content)
    assert done.properties["provisioningState"] == "Succeeded", done.body
    place = f"{azure.subscription}/resourceGroups/rg-new"
    assert azure("GET", f"{place}/providers/{IDENTITY}/id-inner").status == 200
    assert azure("GET", f"{place}/{DEPLOYMENTS}/inner").properties["provisioningState"] == "Succeeded"
    assert azure("PUT", f"{azure.subscription}/{DEPLOYMENTS}/main", body([])).code == "LocationRequired"


def test_an_exported_template_can_be_deployed_again(azure: Azure) -> None:
    group = azure.group()
    azure.put(f"{group}/providers/{IDENTITY}/id-one", {"location": REGION})
    lock = f"{group}/providers/{IDENTITY}/id-one/providers/Microsoft.Authorization/locks/keep"
    azure.put(lock, {"properties": {"level": "CanNotDelete"}})
    template = azure("POST", f"{group}/exportTemplate", {"resources": ["*"]}).body["template"]
    azure.delete(lock)
    azure.delete(f"{group}/providers/{IDENTITY}/id-one")
    done = azure.put(f"{group}/{DEPLOYMENTS}/again", {"properties": {"mode": "Incremental", "template": template}})
    assert done.properties["provisioningState"] == "Succeeded", done.body
    assert azure("GET", lock).properties["level"] == "CanNotDelete"


def test_a_failing_resource_ends_the_deployment_with_its_reason(azure: Azure) -> None:
    group = azure.group()
    resources = [identity("id-one"), identity("id-two", location="nowhere"), identity("id-three")]
    answer = azure("PUT", f"{group}/{DEPLOYMENTS}/main", body(resources))
    status = azure.settle(answer).body
    assert (status["status"], status["error"]["code"]) == ("Failed", "DeploymentFailed")
    properties = azure("GET", f"{group}/{DEPLOYMENTS}/main").properties
    assert properties["provisioningState"] == "Failed"
    assert properties["error"]["details"][0]["code"] == "LocationNotAvailableForResourceType"
    steps = azure("GET", f"{group}/{DEPLOYMENTS}/main/operations").body["value"]
    assert [step["properties"]["provisioningState"] for step in steps] == ["Succeeded", "Failed"]
    assert azure("GET", f"{group}/providers/{IDENTITY}/id-three").status == 404


def test_a_condition_that_is_false_leaves_a_resource_out(azure: Azure) -> None:
    group = azure.group()
    deployed(azure, group, body([identity("id-one", condition=False), identity("id-two", condition=True)]))
    assert [item["name"] for item in azure("GET", f"{group}/resources").body["value"]] == ["id-two"]


def test_what_is_left_out_may_be_depended_on_and_is_not_evaluated(azure: Azure) -> None:
    group = azure.group()
    absent = identity("id-one", condition="[equals('a', 'b')]", tags={"a": "[reference('id-none').clientId]"})
    done = deployed(azure, group, body([identity("id-two", dependsOn=["id-one"]), absent]))
    assert done.properties["provisioningState"] == "Succeeded", done.body
    assert [item["name"] for item in azure("GET", f"{group}/resources").body["value"]] == ["id-two"]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("[if(equals('a', 'a'), 'yes', reference('id-none'))]", "yes"),
        ("[if(and(not(equals('a', 'A')), or(empty(''), empty('x'))), 'yes', 'no')]", "yes"),
        ("[if(equals(toLower('Default'), 'default'), json('{\"a\": [\"b\"]}').a[0], '')]", "b"),
        ("[array('x')[0]]", "x"),
        ("[concat(array('x'), array('y'))[1]]", "y"),
    ],
)
def test_functions_of_templates_have_azures_results(azure: Azure, expression: str, value: str) -> None:
    group = azure.group()
    outputs = {"found": {"type": "string", "value": expression}}
    done = deployed(azure, group, body([], outputs=outputs))
    assert done.properties["outputs"]["found"]["value"] == value


def test_hashes_are_always_the_same_and_have_the_form_of_azures(azure: Azure) -> None:
    group = azure.group()
    expressions = {"unique": "[uniqueString('a', 'b')]", "again": "[uniqueString('a', 'b')]", "guid": "[guid('a')]"}
    outputs = {name: {"type": "string", "value": expression} for name, expression in expressions.items()}
    content = body([], outputs=outputs | {"new": {"type": "string", "value": "[parameters('new')]"}})
    content["properties"]["template"]["parameters"] = {"new": {"type": "string", "defaultValue": "[newGuid()]"}}
    found = {name: entry["value"] for name, entry in deployed(azure, group, content).properties["outputs"].items()}
    assert found["unique"] == found["again"]
    assert re.fullmatch("[a-z2-7]{13}", found["unique"])
    assert str(uuid.UUID(found["guid"])) == found["guid"]
    assert str(uuid.UUID(found["new"])) == found["new"]


@pytest.mark.parametrize(
    ("expression", "named"),
    [
        ("[utcNow('x')]", "utcNow"),
        ("[newGuid()]", "default values"),
        ("[if('true', 1, 2)]", "condition"),
        ("[and('true')]", "such arguments"),
        ("[empty(1)]", "such arguments"),
        ("[json('{')]", "such arguments"),
        ("[uniqueString()]", "such arguments"),
        ("[toLower(1)]", "such arguments"),
        (f"[{'empty(' * 5000}{')' * 5000}]", "nested too deeply"),
        ("[parameters('nowhere')]", "nowhere"),
        ("[variables('nowhere')]", "nowhere"),
        ("[concat('a']", "ends too early"),
        ("[concat('a') x]", "goes on"),
        ("[resourceGroup().nothing]", "nothing"),
        ("[resourceId('Microsoft.Storage/storageAccounts')]", "as many names"),
        ("[parameters()]", "parameters"),
        ("[§]", "§"),
        ("[]", "ends too early"),
    ],
)
def test_an_expression_that_is_not_understood_is_named_with_its_place(
    azure: Azure, expression: str, named: str
) -> None:
    message = refusal(azure, body([identity("id-one", tags={"a": expression})]))
    assert expression in message
    assert named in message
    assert "resources[0].tags.a" in message


def test_variables_that_lead_to_one_another_are_refused(azure: Azure) -> None:
    content = body([identity("[variables('a')]")], variables={"a": "[variables('b')]", "b": "[variables('a')]"})
    assert "without end" in refusal(azure, content)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"resources": None}, "resources"),
        ({"resources": ["x"]}, "resources[0]"),
        ({"resources": [{"type": IDENTITY, "name": "id-one"}]}, "apiVersion"),
        ({"resources": [identity("a/b")]}, "segment lengths"),
        ({"resources": [identity("id-one", copy={"name": "loop", "count": 2})]}, "copy loop"),
        ({"resources": [identity("id-one", dependsOn=["id-none"])]}, "id-none"),
        (
            {"resources": [identity("id-one", dependsOn=["id-two"]), identity("id-two", dependsOn=["id-one"])]},
            "circular",
        ),
        ({"parameters": {"p": {"type": "string"}}}, "'p' is not provided"),
        ({"parameters": {"p": {"type": "string", "defaultValue": 1}}}, "no string"),
        ({"parameters": {"p": {"type": "text", "defaultValue": "x"}}}, "text"),
        ({"parameters": {"p": {"type": "int", "defaultValue": True}}}, "no int"),
        ({"parameters": {"p": {"type": "string", "defaultValue": "x", "allowedValues": ["y"]}}}, "allowed"),
        ({"parameters": []}, "parameters"),
    ],
)
def test_a_template_that_cannot_be_deployed_is_refused_before_anything_is(
    azure: Azure, change: Json, named: str
) -> None:
    content = body([identity("id-zero")])
    content["properties"]["template"] |= copy.deepcopy(change)
    assert named in refusal(azure, content)
    assert azure("GET", f"{azure.group()}/resources").body["value"] == []


def test_an_unknown_parameter_and_a_link_are_refused(azure: Azure) -> None:
    assert "'typo'" in refusal(azure, body([], parameters={"typo": 1}))
    assert "templateLink" in refusal(azure, body([], properties={"templateLink": {"uri": "https://x"}}))
    group = azure.group()
    answer = azure("PUT", f"{group}/{DEPLOYMENTS}/main", body([], properties={"mode": "Complete"}))
    assert (answer.status, "Complete" in answer.message) == (400, True)


def test_validation_changes_nothing(azure: Azure) -> None:
    group = azure.group()
    answer = azure("POST", f"{group}/{DEPLOYMENTS}/main/validate", body([identity("id-one")]))
    assert (answer.status, answer.properties["provisioningState"]) == (200, "Succeeded")
    assert answer.properties["validatedResources"] == [{"id": f"{group}/providers/{IDENTITY}/id-one"}]
    bad = body([identity("[newGuid()]")])
    assert azure("POST", f"{group}/{DEPLOYMENTS}/main/validate", bad).code == "InvalidTemplate"
    assert azure("GET", f"{group}/{DEPLOYMENTS}/main").status == 404
    assert azure("GET", f"{group}/resources").body["value"] == []


def test_what_if_tells_what_a_deployment_would_change(azure: Azure) -> None:
    group = azure.group()
    for name in ("id-same", "id-changed"):
        azure.put(f"{group}/providers/{IDENTITY}/{name}", {"location": REGION, "tags": {"owner": "me"}})
    template = [
        identity("id-new"),
        identity("id-same", tags={"owner": "me"}),
        identity("id-changed", tags={"owner": "you"}),
    ]
    answer = azure("POST", f"{group}/{DEPLOYMENTS}/main/whatIf", body(template))
    new, same, changed = answer.properties["changes"]
    assert (new["changeType"], same["changeType"], changed["changeType"]) == ("Create", "NoChange", "Modify")
    assert [(step["path"], step["before"], step["after"]) for step in changed["delta"]] == [("tags.owner", "me", "you")]
    assert azure("GET", f"{group}/providers/{IDENTITY}/id-new").status == 404


def test_a_deployment_that_was_running_when_the_endpoint_died_is_finished_by_the_next(azure: Azure) -> None:
    group = azure.group()
    run, azure.manager.operations.run = azure.manager.operations.run, lambda _: None  # type: ignore[method-assign]
    azure("PUT", f"{group}/{DEPLOYMENTS}/main", body([identity("id-one")]))
    azure.manager.operations.run = run  # type: ignore[method-assign]
    assert azure.manager.operations.resume() == 1
    [operation] = azure.manager.operations.all()
    link = f"{azure.subscription}/providers/Microsoft.Resources/locations/global/operationStatuses/{operation.id}"
    answer = Answer(202, None, {"azure-asyncoperation": f"{link}?api-version=2024-01-01"})
    assert azure.settle(answer).body["status"] == "Succeeded"
    assert azure("GET", f"{group}/providers/{IDENTITY}/id-one").status == 200
