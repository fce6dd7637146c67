# SPDX-License-Identifier: ISC
"""What docker's client makes of single values, told again independently of writ: integers,
booleans, durations, sizes, CSV. Each function returns the value, or raises Unreadable where the
client refuses. The real clients are what these are checked against, in every run of the oracle."""

import fractions
import ipaddress
import re


class Unreadable(Exception):
    pass


TRUE = {"1", "t", "T", "TRUE", "true", "True"}
FALSE = {"0", "f", "F", "FALSE", "false", "False"}


def boolean(text):
    if text in TRUE:
        return True
    if text in FALSE:
        return False
    raise Unreadable("no boolean: %r" % text)


def integer(text):
    """Go's ParseInt with base 0."""
    digits = text[1:] if text[:1] in ("+", "-") else text
    for prefix, base, alphabet in (("0x", 16, "0-9a-f"), ("0o", 8, "0-7"), ("0b", 2, "01")):
        if digits.lower().startswith(prefix):
            pattern, body = r"(_?[%s])+" % alphabet, digits[2:]
            break
    else:
        if digits.startswith("0") and len(digits) > 1:
            pattern, base, body = r"(_?[0-7])+", 8, digits[1:]
        else:
            pattern, base, body = r"[0-9](_?[0-9])*", 10, digits
    if not re.fullmatch(pattern, body.lower(), re.A):
        raise Unreadable("no integer: %r" % text)
    value = int(body.replace("_", ""), base)
    if text.startswith("-"):
        value = -value
    if not -2**63 <= value < 2**63:
        raise Unreadable("out of range: %r" % text)
    return value


UNITS = {"ns": 1, "us": 10**3, "\u00b5s": 10**3, "\u03bcs": 10**3, "ms": 10**6, "s": 10**9,
         "m": 60 * 10**9, "h": 3600 * 10**9}


def duration(text):
    """Go's ParseDuration, in nanoseconds."""
    body = text[1:] if text[:1] in ("+", "-") else text
    if body == "0":
        return 0
    part = r"(?:([0-9]+)(?:\.([0-9]*))?|\.([0-9]+))(ns|us|\u00b5s|\u03bcs|ms|s|m|h)"
    if not re.fullmatch(r"(?:%s)+" % part, body):
        raise Unreadable("no duration: %r" % text)
    total = 0
    for whole, after, only, unit in re.findall(part, body):
        scale = UNITS[unit]
        digits = after or only
        total += int(whole or "0") * scale
        if digits:
            total += int(fractions.Fraction(int(digits) * scale, 10 ** len(digits)))
    if total >= 2**63:
        raise Unreadable("duration too long: %r" % text)
    return -total if text.startswith("-") else total


def size(text):
    """docker's RAMInBytes, as version 28 has it: all up to the last digit, dot or blank is a number
    as Go's ParseFloat reads it; then a unit, in powers of 1024."""
    match = re.fullmatch(r"(.*[0-9.])? ?([a-z]*)", text, re.I | re.A | re.S)
    unit = match and re.fullmatch(r"(?:([kmgtp])(?:i?b)?|b)?", match.group(2), re.I | re.A)
    if not unit or not match.group(1):
        raise Unreadable("no size: %r" % text)
    number = go_float(match.group(1))
    if unit.group(1):
        number *= 1024 ** ("kmgtp".index(unit.group(1).lower()) + 1)
    if number < 0:
        raise Unreadable("negative: %r" % text)
    return int(number) if number < 2**63 else -2**63


def go_float(text):
    """ParseFloat, without inf and nan: decimal, or hexadecimal with its exponent."""
    plain = re.sub(r"(?<=[0-9a-fA-FxX])_(?=[0-9a-fA-F])", "", text)
    if re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?", plain, re.I | re.A):
        value = float(plain)
    elif re.fullmatch(r"[+-]?0x([0-9a-f]+\.?[0-9a-f]*|\.[0-9a-f]+)p[+-]?[0-9]+", plain,
                      re.I | re.A):
        value = float.fromhex(plain)
    else:
        raise Unreadable("no number: %r" % text)
    if value in (float("inf"), float("-inf")):
        raise Unreadable("out of range: %r" % text)
    return value


def size_or_unlimited(text):
    return -1 if text == "-1" else size(text)


def cpus(text):
    """A rational number of CPUs, in billionths."""
    plain = text.replace("_", "") if re.fullmatch(r"[0-9]+(_[0-9]+)+", text) else text
    try:
        if re.fullmatch(r"[+-]?(0x[0-9a-f]+|0b[01]+|0o[0-7]+)", plain, re.I):
            value = fractions.Fraction(int(plain, 0))
        elif re.fullmatch(r"[+-]?0x[0-9a-f]*\.?[0-9a-f]*p[+-]?[0-9]+", plain, re.I):
            value = fractions.Fraction(float.fromhex(plain))
        else:
            value = fractions.Fraction(plain.rstrip(".") if plain[-2:-1].isdigit() else plain)
    except (ValueError, ZeroDivisionError):
        raise Unreadable("no number: %r" % text)
    nano = value * 10**9
    if nano.denominator != 1 or text != text.strip():
        raise Unreadable("too precise: %r" % text)
    low = nano.numerator & (2**64 - 1)
    return low - 2**64 if low >= 2**63 else low


def csv_record(text):
    """The first record of Go's CSV reader."""
    lines = text.replace("\r\n", "\n")
    if lines.endswith("\r"):
        lines = lines[:-1]
    lines = lines.lstrip("\n")
    if not lines:
        raise Unreadable("no CSV record")
    fields, rest = [], lines
    while True:
        if rest.startswith('"'):
            match = re.match(r'"((?:[^"]|"")*)"(,|\n|\Z)', rest)
            if not match:
                raise Unreadable("bad quote")
            fields.append(match.group(1).replace('""', '"'))
        else:
            match = re.match(r'([^,\n"]*)(,|\n|\Z)', rest)
            if not match:
                raise Unreadable("bare quote")
            fields.append(match.group(1))
        if match.group(2) != ",":
            return fields
        rest = rest[match.end():]


def key_value(text):
    key, _, value = text.partition("=")
    return key, value


def restart_policy(text):
    name, _, count = text.partition(":")
    return {"Name": name, "MaximumRetryCount": int(count) if count else 0}


def ulimit(text):
    name, _, values = text.partition("=")
    soft, _, hard = values.partition(":")
    return {"Name": name, "Soft": int(soft), "Hard": int(hard or soft)}


def ip_address(text):
    """As Go prints it: an IPv4 address in IPv6's clothing is IPv4."""
    address = ipaddress.ip_address(text.strip())
    return str(getattr(address, "ipv4_mapped", None) or address)


def gpu_request(text):
    request = {"Driver": "", "Count": 0, "DeviceIDs": None, "Capabilities": [["gpu"]],
               "Options": {}}
    counted = False
    for field in csv_record(text):
        key, given, value = field.partition("=")
        if not given or key == "count":
            value = value if given else key
            request["Count"] = -1 if value == "all" else int(value)
            counted = True
        elif key == "driver":
            request["Driver"] = value
        elif key == "device":
            request["DeviceIDs"] = value.split(",")
        elif key == "capabilities":
            request["Capabilities"] = [value.split(",") + ["gpu"]]
        elif key == "options":
            request["Options"] = dict(map(key_value, csv_record(value)))
    if not counted and request["DeviceIDs"] is None:
        request["Count"] = 1
    return request
