// Reads cases as JSON lines, writes one letter each: what @cloud-copilot/iam-simulate (argv[2]: its folder) decides.
// A allowed, D denied, - not asked.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const part = (path) => import(pathToFileURL(`${process.argv[2]}/${path}`));
const { authorize } = await part("dist/esm/core_engine/CoreSimulatorEngine.js");
const { AwsRequestImpl } = await part("dist/esm/request/request.js");
const { RequestContextImpl } = await part("dist/esm/requestContext.js");
const { DiscoveryContextKeyConstraints } = await part("dist/esm/context_keys/discoveryContextKeyConstraints.js");
const { loadPolicy } = await part("../iam-policy/dist/esm/index.js");

const STRICT = { simulationMode: "Strict", discoveryContextKeyConstraints: new DiscoveryContextKeyConstraints([]) };

const load = (held) => loadPolicy(held.document, { name: held.name });
const level = (policies, index) => ({ orgIdentifier: `level-${index}`, policies: policies.map(load) });

// Sets are told from single values by the shape, and there is no key without a value.
function context(found, many) {
  const carried = Object.entries(found).filter(([, values]) => values !== null);
  return Object.fromEntries(carried.map(([key, values]) => [key, many.includes(key) ? values : values[0]]));
}

function principal({ type, arn, session }) {
  if (type !== "role") return arn;
  const parts = arn.split(":");
  return `arn:aws:sts::${parts[4]}:assumed-role/${arn.split("/").at(-1)}/${session}`;
}

function decide({ request, policies, many }) {
  if (policies.session.length > 1) return "-";
  return authorize({
    request: new AwsRequestImpl(
      principal(request.caller),
      { resource: request.resource, accountId: request.owner },
      request.action,
      new RequestContextImpl(context(request.context, many)),
    ),
    identityPolicies: policies.identity.map(load),
    sessionPolicy: policies.session.map(load)[0],
    resourcePolicy: policies.resource ? load(policies.resource) : undefined,
    permissionBoundaries: policies.boundary ? [load(policies.boundary)] : undefined,
    serviceControlPolicies: policies.scps.map(level),
    resourceControlPolicies: policies.rcps.map(level),
    vpcEndpointPolicies: undefined,
    simulationParameters: STRICT,
    serviceSettings: {},
  }).result === "Allowed" ? "A" : "D";
}

for await (const line of createInterface({ input: process.stdin })) console.log(decide(JSON.parse(line)));
