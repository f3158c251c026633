"""The endpoint's process."""

import json
import logging
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import uvicorn
from starlette.types import ASGIApp

from local.arm import application, certificates
from local.arm.access_reviews import AccessReviews
from local.arm.admin import Admin
from local.arm.behaviours.container_service.clusters import by_key
from local.arm.behaviours.covered import catalogue
from local.arm.certificates import Certificates
from local.arm.clock import Clock
from local.arm.cloud import Cloud
from local.arm.contracts import Contracts
from local.arm.directory import Directory
from local.arm.faults import Faults
from local.arm.inference import Inference
from local.arm.listeners import ADDRESS, Listeners, configuration, listen
from local.arm.manager import Manager
from local.arm.operations import Operations
from local.arm.page import Page
from local.arm.restoring import deploy_again, refresh
from local.arm.router import Router
from local.arm.sign_in import MANAGEMENT
from local.arm.store import Store
from local.kubernetes.clusters import Kubernetes
from local.paths import Paths, write_private
from local.serving import Server
from local.storage import Azurite

TOKEN_LIFETIME_SECONDS = 30 * 24 * 3600
"""Of the token in `arm.json`; every start writes a new one."""


def serve(paths: Paths, port: int = 0, *, code: str = "") -> None:
    """Be the endpoint until SIGTERM or SIGINT; `paths.arm` is written when it answers.

    port: to listen on at 127.0.0.1, 0 for any that is free. Raises LocalError when it cannot be had.
    code: fingerprint of what this process runs.
    """
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("azure").setLevel(logging.WARNING)
    with listen(port) as listener:
        url = f"https://{ADDRESS}:{listener.getsockname()[1]}"
        files = certificates.ensure(paths.ca, paths.home / "tls")
        store = Store(paths.store)
        directory = Directory(store)
        blobs = Azurite(paths, certificate=files.certificate, key=files.key, token_key=directory.token_key)
        serving, listeners = Server(paths, blobs), Listeners(store, files)
        clusters = Kubernetes(paths, certificate=files.certificate, key=files.key)
        cloud = Cloud(store, Clock(store), directory, blobs, serving, clusters, listeners, url)
        manager = Manager(cloud, catalogue(), Contracts.load(), Operations(cloud), Faults(store))
        inference = Inference(cloud)
        reviews, admin = AccessReviews(cloud, by_key), Admin(manager, inference)
        page = Page(manager, admin)
        app = application.build(cloud, Router(manager), manager.faults, admin, inference, reviews, page)
        try:
            refresh(manager)
            manager.operations.resume()
            Thread(target=deploy_again, args=(manager,), name="deploy-again", daemon=True).start()
            _Endpoint(app, files, paths, cloud, code).run(sockets=[listener])
        finally:
            manager.operations.stop()
            clusters.stop_all()
            serving.stop_all()
            blobs.stop()
            listeners.close_all()
            store.close()


class _Endpoint(uvicorn.Server):
    """The HTTP server; it tells its clients where it is once it answers."""

    def __init__(self, app: ASGIApp, files: Certificates, paths: Paths, cloud: Cloud, code: str) -> None:
        super().__init__(configuration(app, files, dated=True))
        self._paths = paths
        self._cloud = cloud
        self._code = code

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End on SIGTERM and SIGINT. Unlike uvicorn's own this does not send them again, as there is more to end."""
        previous = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, then say so."""
        await super().startup(sockets)
        directory = self._cloud.directory
        facts = {
            "endpoint": self._cloud.url,
            "token": directory.issue(MANAGEMENT, lifetime_seconds=TOKEN_LIFETIME_SECONDS),
            "ca": str(self._paths.ca),
            "subscription_id": directory.subscription_id,
            "tenant_id": directory.tenant_id,
            "identity_header": directory.secret,
            "code": self._code,
        }
        write_private(self._paths.arm, json.dumps(facts, indent=2))
