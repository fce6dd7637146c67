# SPDX-License-Identifier: ISC
"""Image references as docker's clients normalise them, told again independently of writ."""

import re

COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
LABEL = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
DOMAIN = r"(?:%s(?:\.%s)*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?" % (LABEL, LABEL)
REFERENCE = re.compile(
    r"(?P<domain>%s)/(?P<path>%s(?:/%s)*)(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?"
    r"(?:@(?P<digest>[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?\Z"
    % (DOMAIN, COMPONENT, COMPONENT))


class Reference:
    def __init__(self, domain, path, tag, digest):
        self.domain, self.path, self.tag, self.digest = domain, path, tag, digest

    def name(self, client):
        """The repository as this client writes it in a request: version 20.10 shortens what is on
        Docker Hub, later ones write it in full."""
        full = self.domain + "/" + self.path
        if client.major > 20 or self.domain != "docker.io":
            return full
        short = re.fullmatch(r"library/([^/]+)", self.path)
        return short.group(1) if short else self.path

    @property
    def version(self):
        return self.digest or self.tag or "latest"


def split(text):
    """The reference, or None where text is none."""
    domain, slash, rest = text.partition("/")
    if not slash or not (re.search(r"[.:]", domain) or domain == "localhost" or
                         domain != domain.lower()):
        domain, rest = "docker.io", text
    if domain == "index.docker.io":
        domain = "docker.io"
    if domain == "docker.io" and "/" not in rest:
        rest = "library/" + rest
    match = REFERENCE.match(domain + "/" + rest)
    return Reference(**match.groupdict()) if match else None
