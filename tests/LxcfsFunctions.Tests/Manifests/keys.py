"""Reads YAML files by PyYAML, and names every key that stands twice in one map, and every file that can't be read: keys.py FILE ..."""
import sys
import yaml


def look(file, node, seen):
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        names = [key.value for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
        for name in sorted({name for name in names if names.count(name) > 1}):
            print(f"{file}:{node.start_mark.line + 1}: {name}")
        for pair in node.value:
            for child in pair:
                look(file, child, seen)
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            look(file, child, seen)


for file in sys.argv[1:]:
    with open(file, encoding="utf-8", newline="") as text:
        try:
            for document in yaml.compose_all(text.read(), Loader=yaml.SafeLoader):
                look(file, document, set())
        except yaml.YAMLError as error:
            print(f"{file}: not YAML: {error.problem}")
