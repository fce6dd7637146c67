#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Events against policies/schema/event.schema.json.

event_schema.py SCHEMA_FOLDER FILE...: prints what is wrong with the events in the files, one line
each; lines that are no JSON are not looked at.
"""

import json
import os
import sys
import warnings

warnings.simplefilter('ignore', DeprecationWarning)     # of RefResolver, in newer versions
import jsonschema


class EventSchema:
    """folder: policies/schema"""

    def __init__(self, folder):
        store = {}
        for name in os.listdir(folder):
            with open(os.path.join(folder, name), encoding='utf-8') as f:
                schema = json.load(f)
            store[schema['$id']] = schema
            if name == 'event.schema.json':
                root = schema
        resolver = jsonschema.RefResolver(root['$id'], root, store=store)
        def validator(name):
            return jsonschema.Draft202012Validator({'$ref': root['$id'] + '#/$defs/' + name},
                                                   resolver=resolver)

        # Of a kind at a time: what is wrong is said more plainly, and found faster.
        kinds = {'accept': 'audit', 'reject': 'audit', 'error': 'audit'}
        for name in ('decision', 'exit', 'session-open', 'session-close'):
            kinds[name] = name
        self.validators = {kind: validator(name) for kind, name in kinds.items()}

    def why_not(self, event):
        """What is wrong with the event, or None."""
        kind = event.get('event') if isinstance(event, dict) else None
        if kind not in self.validators:
            return 'no kind of event: %.100r' % (event,)
        error = jsonschema.exceptions.best_match(self.validators[kind].iter_errors(event))
        return error and '%s: %s' % (error.json_path, error.message)


def main(folder, *paths):
    schema = EventSchema(folder)
    wrong = 0
    for path in paths:
        with open(path, encoding='utf-8', errors='replace') as f:
            for number, line in enumerate(f, 1):
                try:
                    why = schema.why_not(json.loads(line))
                except ValueError:
                    continue
                if why:
                    wrong += 1
                    print('%s:%d: %s: %.200s' % (path, number, why, line.rstrip()))
    return wrong > 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
