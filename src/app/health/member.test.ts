import { describe, expect, it } from "vitest";
import { parseMember } from "./member.js";

describe("What a host says of its etcd member", () => {
  it.each([
    ['curl\n{"health":"true"}\ncode 0\n', { kind: "healthy" }],
    ['curl\n{"health":"true","reason":""}\ncode 0\n', { kind: "healthy" }],
    ['wget\n{"health": true}\ncode 0\n', { kind: "healthy" }],
    [
      'curl\n{"health":"false"}\ncode 0\n',
      { kind: "unhealthy", what: "it says that it is not healthy: it sees no leader" },
    ],
    ["curl\n\ncode 7\n", { kind: "silent" }],
    ["wget\n\ncode 4\n", { kind: "silent" }],
    [
      "wget\nwget: can't connect to remote host (127.0.0.1): Connection refused\n\ncode 1\n",
      { kind: "silent" },
    ],
    [
      "curl\n\ncode 28\n",
      { kind: "unhealthy", what: "`http://127.0.0.1:2381/health` gave no answer (curl ended with 28)" },
    ],
    [
      "wget\nwget: server returned error: HTTP/1.1 503 Service Unavailable\n\ncode 1\n",
      { kind: "unhealthy", what: "`http://127.0.0.1:2381/health` gave no answer (wget ended with 1)" },
    ],
    [
      "etcdctl\nhttp://127.0.0.1:2379 is healthy: successfully committed proposal\n\ncode 0\n",
      { kind: "healthy" },
    ],
    ["etcdctl\ndial tcp 127.0.0.1:2379: connect: connection refused\n\ncode 1\n", { kind: "silent" }],
    [
      "etcdctl\ncontext deadline exceeded\n\ncode 1\n",
      {
        kind: "not-measured",
        why: "etcdctl could not ask the client port, and the host has neither curl nor wget for the metrics port",
      },
    ],
    ["nothing\n", { kind: "not-measured", why: "the host has none of curl, wget and etcdctl" }],
    ["curl\n", { kind: "not-measured", why: "the host's answer was not understood" }],
    ["", { kind: "not-measured", why: "the host has none of curl, wget and etcdctl" }],
  ])("is read right: %j", (stdout, expected) => {
    expect(parseMember(stdout)).toEqual(expected);
  });
});
