// Runs Azurite's blob service for the local target: `node launch.js <options of azurite-blob>`.
//
// Standard input carries what must stand neither in an argument list nor in an environment, as lines of JSON:
//   {"tokenKey": "<base64>", "accounts": {"<name>": {"keys": ["<base64 key>", "<base64 key>"], "takesKeys": true}}}
// Each line replaces the accounts at once, without a restart. The end of the input means that the endpoint is gone.
"use strict";

const readline = require("readline");
const jwt = require("jsonwebtoken");
const Loki = require("lokijs");
const AccountDataStore = require("azurite/dist/src/common/AccountDataStore").default;
const AccountSASAuthenticator = require("azurite/dist/src/blob/authentication/AccountSASAuthenticator").default;
const BlobSASAuthenticator = require("azurite/dist/src/blob/authentication/BlobSASAuthenticator").default;
const BlobSharedKeyAuthenticator = require("azurite/dist/src/blob/authentication/BlobSharedKeyAuthenticator").default;
const BlobStorageContext = require("azurite/dist/src/blob/context/BlobStorageContext").default;
const BlobTokenAuthenticator = require("azurite/dist/src/blob/authentication/BlobTokenAuthenticator").default;
const StorageError = require("azurite/dist/src/blob/errors/StorageError").default;
const StorageErrorFactory = require("azurite/dist/src/blob/errors/StorageErrorFactory").default;

const SAVE_INTERVAL_MS = 200; // of metadata to disk; Azurite's own 5 s would lose that much to a kill
const SHUTDOWN_LIMIT_MS = 5000;

let tokenKey;
let accounts = new Map();

function configure(line) {
  const message = JSON.parse(line);
  tokenKey = Buffer.from(message.tokenKey, "base64");
  accounts = new Map(
    Object.entries(message.accounts).map(([name, { keys, takesKeys }]) => [
      name,
      { name, takesKeys, key1: Buffer.from(keys[0], "base64"), key2: Buffer.from(keys[1], "base64") },
    ]),
  );
}

AccountDataStore.prototype.refresh = () => {};
AccountDataStore.prototype.getAccount = (name) => accounts.get(name);

// Azurite's "basic" level looks at the claims and takes any signature.
const authenticateClaims = BlobTokenAuthenticator.prototype.authenticateBasic;
BlobTokenAuthenticator.prototype.authenticateBasic = async function (token, context) {
  try {
    jwt.verify(token, tokenKey, { algorithms: ["HS256"] });
  } catch (error) {
    throw StorageErrorFactory.getAuthenticationFailed(context.contextId, `Token validation failed: ${error.message}.`);
  }
  return authenticateClaims.call(this, token, context);
};

// An account with allowSharedKeyAccess false takes neither its keys nor what is signed with them; a signature made with
// a user delegation key (skoid) stands for an identity.
for (const { prototype } of [BlobSharedKeyAuthenticator, AccountSASAuthenticator, BlobSASAuthenticator]) {
  const validate = prototype.validate;
  prototype.validate = async function (request, context) {
    const accepted = await validate.call(this, request, context);
    const account = accounts.get(new BlobStorageContext(context).account);
    if (accepted && account && !account.takesKeys && request.getQuery("skoid") === undefined) {
      const message = "Key based authentication is not permitted on this storage account.";
      throw new StorageError(403, "KeyBasedAuthenticationNotPermitted", message, context.contextId);
    }
    return accepted;
  };
}

const configureOptions = Loki.prototype.configureOptions;
Loki.prototype.configureOptions = function (options, initial) {
  return configureOptions.call(this, { ...options, autosaveInterval: SAVE_INTERVAL_MS }, initial);
};

readline
  .createInterface({ input: process.stdin })
  .on("line", configure)
  .on("close", () => process.emit("SIGTERM"));

// Azurite saves and closes at the first SIGTERM. This listener stays, so that a second one does not cut that short.
process.on("SIGTERM", () => setTimeout(() => process.exit(0), SHUTDOWN_LIMIT_MS).unref());
require("azurite/dist/src/blob/main");
