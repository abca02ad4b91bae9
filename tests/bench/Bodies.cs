using System.Text;
using System.Text.Json.Nodes;

namespace LxcfsFunctions.Bench;

/// <summary>Reviews of about a wanted size, half of it managedFields, as an API server sends them for applied pods.</summary>
internal static class Bodies
{
    public static byte[] OfAbout(int bytes)
    {
        for (var variables = 0; ; variables++)
        {
            var body = Encoding.UTF8.GetBytes(Review(variables).ToJsonString());
            if (body.Length >= bytes)
                return body;
        }
    }

    private static JsonObject Review(int variables) => new()
    {
        ["kind"] = "AdmissionReview",
        ["apiVersion"] = "admission.k8s.io/v1",
        ["request"] = new JsonObject
        {
            ["uid"] = "705ab4f5-6393-11e8-b7cc-42010a800002",
            ["kind"] = new JsonObject { ["group"] = "", ["version"] = "v1", ["kind"] = "Pod" },
            ["resource"] = new JsonObject { ["group"] = "", ["version"] = "v1", ["resource"] = "pods" },
            ["name"] = "train-0",
            ["namespace"] = "research",
            ["operation"] = "CREATE",
            ["userInfo"] = new JsonObject { ["username"] = "system:serviceaccount:kube-system:replicaset-controller", ["groups"] = new JsonArray("system:serviceaccounts", "system:authenticated") },
            ["object"] = Pod(variables),
            ["oldObject"] = null,
            ["dryRun"] = false,
        },
    };

    private static JsonObject Pod(int variables)
    {
        var (env, owned) = (new JsonArray(), new JsonObject { ["."] = new JsonObject() });
        for (var i = 0; i < variables; i++)
        {
            env.Add(new JsonObject { ["name"] = $"SERVICE_SETTING_{i}", ["value"] = $"https://service-{i}.example/path?query={i}" });
            owned[$"k:{{\"name\":\"SERVICE_SETTING_{i}\"}}"] = new JsonObject { ["."] = new JsonObject(), ["f:name"] = new JsonObject(), ["f:value"] = new JsonObject() };
        }

        return new()
        {
            ["kind"] = "Pod",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject
            {
                ["name"] = "train-0",
                ["namespace"] = "research",
                ["creationTimestamp"] = null,
                ["labels"] = new JsonObject { ["app"] = "train", ["pod-template-hash"] = "6d4cf56db6" },
                ["annotations"] = new JsonObject { ["example/owner"] = "team-a", ["prometheus.io/scrape"] = "true" },
                ["managedFields"] = new JsonArray(new JsonObject
                {
                    ["manager"] = "kube-controller-manager",
                    ["operation"] = "Update",
                    ["apiVersion"] = "v1",
                    ["time"] = "2026-01-01T00:00:00Z",
                    ["fieldsType"] = "FieldsV1",
                    ["fieldsV1"] = new JsonObject { ["f:spec"] = new JsonObject { ["f:containers"] = new JsonObject { ["k:{\"name\":\"train\"}"] = new JsonObject { ["f:env"] = owned } } } },
                }),
            },
            ["spec"] = new JsonObject
            {
                ["volumes"] = new JsonArray(new JsonObject { ["name"] = "kube-api-access", ["projected"] = new JsonObject { ["defaultMode"] = 420 } }),
                ["containers"] = new JsonArray(new JsonObject
                {
                    ["name"] = "train",
                    ["image"] = "registry.example/train:1",
                    ["env"] = env,
                    ["resources"] = new JsonObject { ["limits"] = new JsonObject { ["cpu"] = "2", ["memory"] = "4Gi" }, ["requests"] = new JsonObject { ["cpu"] = "1", ["memory"] = "4Gi" } },
                    ["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = "kube-api-access", ["readOnly"] = true, ["mountPath"] = "/var/run/secrets/kubernetes.io/serviceaccount" }),
                    ["livenessProbe"] = new JsonObject { ["httpGet"] = new JsonObject { ["path"] = "/healthz", ["port"] = 8080 }, ["periodSeconds"] = 10 },
                    ["terminationMessagePath"] = "/dev/termination-log",
                    ["imagePullPolicy"] = "IfNotPresent",
                }),
                ["restartPolicy"] = "Always",
                ["terminationGracePeriodSeconds"] = 30,
                ["dnsPolicy"] = "ClusterFirst",
                ["serviceAccountName"] = "default",
                ["tolerations"] = new JsonArray(new JsonObject { ["key"] = "node.kubernetes.io/not-ready", ["operator"] = "Exists", ["effect"] = "NoExecute", ["tolerationSeconds"] = 300 }),
                ["schedulerName"] = "default-scheduler",
                ["enableServiceLinks"] = true,
            },
            ["status"] = new JsonObject(),
        };
    }
}
