// Manifests to start from, by the words that name them.
export const examples = {
  exampleTraining: `apiVersion: batch/v1
kind: Job
metadata:
  name: train-resnet
  namespace: research
spec:
  backoffLimit: 2
  template:
    metadata:
      annotations:
        # nproc, PyTorch and OpenMP ask the kernel: give them the limit as variables.
        lxcfs-admission-webhook.raids-lab.github.io/env: slurm,omp
    spec:
      restartPolicy: Never
      containers:
        - name: train
          image: registry.example.com/train:2.4
          command: [python3, train.py, --epochs, "90"]
          resources:
            requests:
              cpu: "16"
              memory: 128Gi
            limits:
              cpu: "16"
              memory: 128Gi
              nvidia.com/gpu: 4
`,
  exampleDeployment: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: inference
  namespace: serving
spec:
  replicas: 3
  selector:
    matchLabels: { app: inference }
  template:
    metadata:
      labels: { app: inference }
    spec:
      initContainers:
        - name: fetch-model
          image: registry.example.com/fetch:1.0
          resources:
            limits: { cpu: "1", memory: 1Gi }
      containers:
        - name: server
          image: registry.example.com/inference:5.1
          ports:
            - containerPort: 8080
          resources:
            limits: { cpu: "4", memory: 16Gi }
        # No limit here: see the warning.
        - name: metrics
          image: registry.example.com/exporter:0.9
`,
  exampleCronJob: `apiVersion: batch/v1
kind: CronJob
metadata:
  name: nightly-report
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        metadata:
          annotations:
            lxcfs-admission-webhook.raids-lab.github.io/env: java
        spec:
          restartPolicy: OnFailure
          containers:
            - name: report
              image: registry.example.com/report:3.2
              resources:
                limits:
                  cpu: 1500m
                  memory: 2Gi
`,
  exampleOptedOut: `apiVersion: v1
kind: Pod
metadata:
  name: node-inspector
  annotations:
    # This one wants to see the node.
    lxcfs-admission-webhook.raids-lab.github.io/mutate: "false"
spec:
  containers:
    - name: inspector
      image: registry.example.com/inspector:1.0
      resources:
        limits: { cpu: "1", memory: 256Mi }
`,
  exampleError: `apiVersion: v1
kind: Pod
metadata:
  name: notebook
  annotations:
    lxcfs-admission-webhook.raids-lab.github.io/env: slurm,cuda
    lxcfs-admission-webhook.raids-lab.github.io/skip-containers: sidecar
spec:
  containers:
    - name: notebook
      image: registry.example.com/notebook:7.0
      resources:
        limits: { cpu: "2", memory: 8Gi }
`,
};
