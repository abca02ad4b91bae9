// Evaluates the CEL of admission policies and of webhooks' match conditions with the code of a kube-apiserver,
// k8s.io/apiserver, for tests on machines where no API server of that age can be had.
//
// Reads one case as JSON from standard input and writes what an API server would decide.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	celgo "cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	admissionv1 "k8s.io/api/admission/v1"
	v1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/plugin/cel"
	"k8s.io/apiserver/pkg/admission/plugin/webhook/matchconditions"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/cel/environment"
)

var declared = cel.OptionalVariableDeclarations{HasAuthorizer: true}

// What the API server's own wrappers of the two are (k8s.io/apiserver/pkg/admission/plugin/policy/validating), without
// the thousand packages that come with them.
type (
	variable   v1.Variable
	validation v1.Validation
)

func (v *variable) GetName() string              { return v.Name }
func (v *variable) GetExpression() string        { return v.Expression }
func (v *variable) ReturnTypes() []*celgo.Type   { return []*celgo.Type{celgo.AnyType, celgo.DynType} }
func (v *validation) GetExpression() string      { return v.Expression }
func (v *validation) ReturnTypes() []*celgo.Type { return []*celgo.Type{celgo.BoolType} }

// One of Policy and Webhook is given.
type question struct {
	Policy  *v1.ValidatingAdmissionPolicy
	Webhook *v1.MutatingWebhook
	Request admissionv1.AdmissionRequest
}

type answer struct {
	// Whether the match conditions let the request through to the policy or the webhook.
	Matches bool
	// The messages of the validations that failed.
	Denied []string
	Error  string `json:",omitempty"`
}

func main() {
	var asked question
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		fail(err)
	}
	compiler, err := cel.NewCompositedCompiler(environment.MustBaseEnvSet(environment.DefaultCompatibilityVersion()))
	if err != nil {
		fail(err)
	}
	attributes := attributesOf(asked.Request)
	var given answer
	if asked.Webhook != nil {
		given = match(compiler, asked.Webhook.MatchConditions, asked.Webhook.FailurePolicy, attributes)
	} else {
		given = validate(compiler, asked.Policy, attributes)
	}
	if err := json.NewEncoder(os.Stdout).Encode(given); err != nil {
		fail(err)
	}
}

func match(compiler *cel.CompositedCompiler, conditions []v1.MatchCondition, policy *v1.FailurePolicyType, attributes *admission.VersionedAttributes) answer {
	result := matcher(compiler, conditions, policy).Match(context.Background(), attributes, nil, nil)
	if result.Error != nil {
		return answer{Error: result.Error.Error()}
	}
	return answer{Matches: result.Matches, Denied: []string{}}
}

func validate(compiler *cel.CompositedCompiler, policy *v1.ValidatingAdmissionPolicy, attributes *admission.VersionedAttributes) answer {
	variables := make([]cel.NamedExpressionAccessor, len(policy.Spec.Variables))
	for i := range policy.Spec.Variables {
		variables[i] = (*variable)(&policy.Spec.Variables[i])
	}
	compiler.CompileAndStoreVariables(variables, declared, environment.StoredExpressions)

	given := match(compiler, policy.Spec.MatchConditions, policy.Spec.FailurePolicy, attributes)
	if !given.Matches {
		return given
	}
	validations := make([]cel.ExpressionAccessor, len(policy.Spec.Validations))
	for i := range policy.Spec.Validations {
		validations[i] = (*validation)(&policy.Spec.Validations[i])
	}
	request := cel.CreateAdmissionRequest(
		attributes.Attributes, metav1.GroupVersionResource(attributes.GetResource()), metav1.GroupVersionKind(attributes.VersionedKind))
	results, _, err := compiler.CompileCondition(validations, declared, environment.StoredExpressions).ForInput(
		context.Background(), attributes, request, cel.OptionalVariableBindings{}, nil, celconfig.RuntimeCELCostBudget)
	if err != nil {
		return answer{Error: err.Error()}
	}
	for i, result := range results {
		if result.Error != nil {
			return answer{Error: result.Error.Error()}
		}
		if result.EvalResult != types.True {
			given.Denied = append(given.Denied, policy.Spec.Validations[i].Message)
		}
	}
	return given
}

func matcher(compiler *cel.CompositedCompiler, conditions []v1.MatchCondition, policy *v1.FailurePolicyType) matchconditions.Matcher {
	expressions := make([]cel.ExpressionAccessor, len(conditions))
	for i := range conditions {
		expressions[i] = (*matchconditions.MatchCondition)(&conditions[i])
	}
	return matchconditions.NewMatcher(
		compiler.CompileCondition(expressions, declared, environment.StoredExpressions), policy, "test", "test", "test")
}

func attributesOf(request admissionv1.AdmissionRequest) *admission.VersionedAttributes {
	extra := map[string][]string{}
	for key, values := range request.UserInfo.Extra {
		extra[key] = values
	}
	object, old := decode(request.Object), decode(request.OldObject)
	kind := schema.GroupVersionKind(request.Kind)
	return &admission.VersionedAttributes{
		Attributes: admission.NewAttributesRecord(
			object, old, kind, request.Namespace, request.Name, schema.GroupVersionResource(request.Resource), request.SubResource,
			admission.Operation(request.Operation), nil, false,
			&user.DefaultInfo{Name: request.UserInfo.Username, Groups: request.UserInfo.Groups, Extra: extra}),
		VersionedKind:      kind,
		VersionedObject:    object,
		VersionedOldObject: old,
	}
}

func decode(raw runtime.RawExtension) runtime.Object {
	if len(raw.Raw) == 0 {
		return nil
	}
	object := &unstructured.Unstructured{}
	if err := object.UnmarshalJSON(raw.Raw); err != nil {
		fail(err)
	}
	return object
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(2)
}
