"""Elastic jobs that keep a SQL database in order: its users, what its columns hold, and the quality of its data."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pulumi
from pulumi_azure_native import sql

from azure_ml_platform.args import Args, Input
from azure_ml_platform.component import PlatformComponent
from azure_ml_platform.components.interfaces import ComponentArgs, DiagnosticsArgs, WatchedArgs, diagnose
from azure_ml_platform.components.sql_checks import AnyCheck
from azure_ml_platform.tsql import access
from azure_ml_platform.tsql.quoting import Table
from azure_ml_platform.vocabulary import SensitivityRank

_FIRST, _LAST = "0001-01-01T00:00:00Z", "9999-12-31T11:59:59Z"
_READER, _WRITER = "db_datareader", "db_datawriter"


class SqlUserArgs(Args):
    """A principal of Microsoft Entra that may work in the database."""

    object_id: Input[str]
    """Required. Object id of the identity, group or user."""
    write: bool = False
    """Optional. Let it change rows as well as read them. Default false."""


class ColumnArgs(Args):
    """What a column holds, and whether it is masked."""

    table: str
    """Required. Table."""
    column: str
    """Required. Column."""
    schema_name: str = "dbo"
    """Optional. Schema of the table. Default `dbo`."""
    label: str = "Confidential"
    """Optional. Sensitivity label. Default Confidential."""
    information_type: str = "Other"
    """Optional. Kind of information, such as Contact Info. Default Other."""
    rank: SensitivityRank = SensitivityRank.MEDIUM
    """Optional. How sensitive it is. Default medium."""
    mask: str | None = None
    """Optional. Masking function, such as `email()` or `partial(1, "xx", 0)`. Default the column is shown."""

    @property
    def of(self) -> access.Column:
        """The column."""
        return access.Column(Table(self.schema_name, self.table), self.column)


class SqlJobsArgs(ComponentArgs):
    """Inputs of SqlJobs."""

    resource_group_name: Input[str]
    """Required. Resource group of the server."""
    location: Input[str]
    """Required. Azure region of the server."""
    server_name: Input[str]
    """Required. Name of the server."""
    server_id: Input[str]
    """Required. Resource id of the server."""
    server_host: Input[str]
    """Required. Host name of the server."""
    database_name: Input[str]
    """Required. Database that the jobs work on."""
    agent_name: str
    """Required. Name of the job agent."""
    identity_id: Input[str]
    """Required. Resource id of the identity that jobs sign in with: a member of the server's administrators."""
    job_database_name: str = "jobs"
    """Optional. Database that holds the jobs' definitions and history. Default `jobs`."""
    users: Mapping[str, SqlUserArgs] = {}
    """Optional. Users of the database by name, each the display name in Microsoft Entra. Default none."""
    columns: Sequence[ColumnArgs] = ()
    """Optional. Columns that are classified, and masked. Default none."""
    checks: Mapping[str, AnyCheck] = {}
    """Optional. Data quality checks by name. Default none."""
    private: bool = False
    """Optional. Reach the server through a private endpoint, approved once on the server. Default false."""
    diagnostics: DiagnosticsArgs | None = None
    """Optional. Where the logs of the jobs' database go. Default nowhere."""


class SqlJobs(PlatformComponent):
    """A job agent with one job for access and one for each check; every run of a check leaves a row in the database.

    A check of severity `fail` raises an error, which fails its job, which is what the alert counts. The job database
    has a fixed size: a job database may not pause (Azure SQL, elastic jobs).
    """

    agent_id: pulumi.Output[str]
    """Resource id of the job agent."""
    job_names: list[str]
    """Names of the jobs."""

    def __init__(self, name: str, args: SqlJobsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the agent and its database, then the jobs."""
        args = SqlJobsArgs.model_validate(args)
        super().__init__(name, opts, keep_sdk_aliases=args.keep_sdk_aliases)
        self._on_server: dict[str, Any] = {
            "resource_group_name": args.resource_group_name,
            "server_name": args.server_name,
        }
        self.agent = self._agent(name, args)
        self._on_agent: dict[str, Any] = {**self._on_server, "job_agent_name": self.agent.name}
        self._ready: list[pulumi.Resource] = [self._private_endpoint(name, args)] if args.private else []
        self.targets = sql.JobTargetGroup(
            f"{name}-targets",
            target_group_name="database",
            members=[{"type": "SqlDatabase", "server_name": args.server_host, "database_name": args.database_name}],
            **self._on_agent,
            opts=self.child(depends_on=self._ready),
        )
        self.jobs: dict[str, sql.Job] = {}
        if args.users or args.columns:
            self._job(name, "access", "P1D", "Users of the database, and what its columns hold.", _access(args))
        for key, check in args.checks.items():
            description = f"Data quality: {check.kind} on {check.of.text}."
            self._job(name, f"check-{key}", check.interval, description, check.script(key))
        self.agent_id = self.agent.id
        self.job_names = list(self.jobs)
        self.finish()

    @property
    def watched(self) -> Mapping[str, WatchedArgs]:
        """What alerts are set on."""
        return {"sql-jobs": WatchedArgs(arm_type="Microsoft.Sql/servers/jobAgents", id=self.agent.id)}

    def _agent(self, name: str, args: SqlJobsArgs) -> "sql.JobAgent":
        database = sql.Database(
            f"{name}-database",
            database_name=args.job_database_name,
            location=args.location,
            sku={"name": "S1"},
            requested_backup_storage_redundancy="Local",
            tags=args.tags,
            **self._on_server,
            opts=self.child(),
        )
        diagnose(self, f"{name}-diagnostics", "Microsoft.Sql/servers/databases", database.id, args.diagnostics)
        return sql.JobAgent(
            f"{name}-agent",
            job_agent_name=args.agent_name,
            location=args.location,
            database_id=database.id,
            sku={"name": "JA100"},
            identity={"type": "UserAssigned", "user_assigned_identities": [args.identity_id]},
            tags=args.tags,
            **self._on_server,
            opts=self.child(),
        )

    def _private_endpoint(self, name: str, args: SqlJobsArgs) -> "sql.JobPrivateEndpoint":
        """The way into a closed server; what comes after it waits, as for every part of a server."""
        return sql.JobPrivateEndpoint(
            f"{name}-private-endpoint",
            private_endpoint_name="server",
            target_server_azure_resource_id=args.server_id,
            **self._on_agent,
            opts=self.child(),
        )

    def _job(self, name: str, key: str, interval: str, description: str, text: Input[str]) -> None:
        job = self.jobs[key] = sql.Job(
            f"{name}-{key}",
            job_name=key,
            description=description,
            schedule=sql.JobScheduleArgs(
                type=sql.JobScheduleType.RECURRING, interval=interval, enabled=True, start_time=_FIRST, end_time=_LAST
            ),
            **self._on_agent,
            opts=self.child(depends_on=self._ready),
        )
        sql.JobStep(
            f"{name}-{key}-step",
            step_name="run",
            job_name=job.name,
            step_id=1,
            target_group=self.targets.id,
            action={"type": "TSql", "source": "Inline", "value": text},
            # What the data is like does not change within a minute: a failed check is not asked again.
            execution_options={"retry_attempts": 1, "timeout_seconds": 3600},
            **self._on_agent,
            opts=self.child(),
        )


def _access(args: SqlJobsArgs) -> pulumi.Output[str]:
    """The script of users and columns, once the users' object ids are known."""
    object_ids = {user_name: user.object_id for user_name, user in args.users.items()}
    return pulumi.Output.all(**object_ids).apply(partial(_access_script, args))


def _access_script(args: SqlJobsArgs, object_ids: Mapping[str, str]) -> str:
    lines = [
        access.user(user_name, object_ids[user_name], (_READER, _WRITER) if user.write else (_READER,))
        for user_name, user in args.users.items()
    ]
    for column in args.columns:
        lines.append(access.classify(column.of, column.label, column.information_type, column.rank.value.upper()))
        if column.mask:
            lines.append(access.mask(column.of, column.mask))
    return "\n".join(lines)
