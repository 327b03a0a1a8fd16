"""What a packet costs, kernel by kernel, as SVG."""
from html import escape

LOAD = "16 bytes"
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 1020, 460, 64, 254, 24, 44
STEP = 15    # between two labels, so that none lies on another


def plots(rows):
    """One plot for each origin and architecture with two kernels or more: series do not compare otherwise."""
    groups = {}
    for row in rows:
        if "cost" in row["boots"]:
            groups.setdefault((row["origin"], row["arch"]), []).append(row)
    return [{"title": f"{origin}, {arch}", "svg": draw(prices(group)), "table": table(group)} for (origin, arch), group in groups.items()
            if len(group) > 1]


def lanes(row):
    return {lane["name"]: lane["prices"] for lane in row["boots"]["cost"]["guest"]["lanes"]}


def by_age(group):
    return sorted(group, key=lambda row: [int(part) for part in row["series"].split(".")])


def prices(group):
    """Lane to a list of (series, price or None), the oldest kernel first."""
    group = by_age(group)
    names = dict.fromkeys(name for row in group for name in lanes(row))
    return {name: [(row["series"], lanes(row).get(name, {}).get(LOAD)) for row in group] for name in names}


def table(group):
    return {"series": [row["series"] for row in by_age(group)], "load": LOAD,
            "lanes": [[name, [price for _, price in points]] for name, points in prices(group).items()]}


def spread(wanted):
    """Places for labels near the wanted ones, each STEP below the one above it."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    places = [0.0] * len(wanted)
    for rank, i in enumerate(order):
        places[i] = wanted[i] if not rank else max(wanted[i], places[order[rank - 1]] + STEP)
    over = max(0.0, max(places) - (HEIGHT - BOTTOM)) if places else 0
    for rank, i in reversed(list(enumerate(order))):
        limit = HEIGHT - BOTTOM if rank == len(order) - 1 else places[order[rank + 1]] - STEP
        places[i] = min(places[i], limit) if over else places[i]
    return places


def draw(lines):
    series = [name for name, _ in next(iter(lines.values()))]
    seen = [price for points in lines.values() for _, price in points if price is not None]
    low, high = min(seen) // 1000 * 1000, -(-max(seen) // 1000) * 1000

    def x(i):
        return LEFT + i * (WIDTH - LEFT - RIGHT) / max(1, len(series) - 1)

    def y(price):
        return TOP + (high - price) * (HEIGHT - TOP - BOTTOM) / max(1, high - low)

    out = [f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="instructions per datagram of {LOAD}, by kernel">']
    grid = max(1000, round((high - low) / 6, -3))
    for price in range(low, high + 1, int(grid)):
        out.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(price):.1f}" y2="{y(price):.1f}"/>'
                   f'<text class="tick" x="{LEFT - 10}" y="{y(price) + 4:.1f}" text-anchor="end">{price:,}</text>')
    for i, name in enumerate(series):
        out.append(f'<text class="tick" x="{x(i):.1f}" y="{HEIGHT - BOTTOM + 24}" text-anchor="middle">{escape(name)}</text>')
    last = {name: next((price for _, price in reversed(points) if price is not None), None) for name, points in lines.items()}
    drawn = [name for name, price in last.items() if price is not None]
    places = dict(zip(drawn, spread([y(last[name]) for name in drawn])))
    for number, name in enumerate(drawn):
        points = [(x(i), y(price), price) for i, (_, price) in enumerate(lines[name]) if price is not None]
        path = " ".join(f"{px:.1f},{py:.1f}" for px, py, _ in points)
        dots = "".join(f'<circle cx="{px:.1f}" cy="{py:.1f}" r="3"><title>{escape(name)}: {price:,}</title></circle>' for px, py, price in points)
        end = points[-1]
        out.append(f'<g class="lane l{number % 8}{" dashed" if number >= 8 else ""}{" routed" if not number else ""}"><polyline points="{path}"/>{dots}'
                   f'<polyline class="lead" points="{end[0] + 5:.1f},{end[1]:.1f} {WIDTH - RIGHT + 16},{places[name]:.1f}"/>'
                   f'<text x="{WIDTH - RIGHT + 20}" y="{places[name] + 4:.1f}">{escape(name)} {end[2]:,}</text></g>')
    out.append("</svg>")
    return "".join(out)
