# README.md's table of techniques, out of cost.json: what each needs, which functions of its control's way are not
# on its own, and what it costs beside it.

def code: "`\(.)`";

# What follows one another in one namespace is told together, and a long run by its ends.
def skipped($control):
	.way as $way
	| reduce $control.way[] as $step ([[]];
		if any($way[]; . == $step) then . + [[]]
		elif .[-1] == [] or .[-1][0].netns == $step.netns then .[-1] += [$step]
		else . + [[$step]] end)
	| map(select(. != []))
	| group_by(.[0].netns)
	| map("\(.[0][0].netns): " + (map(map(.function | code)
		| if length > 6 then "\(.[0]) to \(.[-1]) (\(length))" else join(", ") end) | join(", ")))
	| join("; ");

def percent: (. * 1000 | round / 10) as $value | "\(if $value > 0 then "+" else "" end)\($value)%";

(.lanes | map({(.name): .}) | add) as $lane
| "| technique | needs | skips | costs |",
  "|---|---|---|---|",
  (.lanes[]
	| $lane[.control] as $control
	| .prices["16 bytes"] as $price
	| $control.prices["16 bytes"] as $routed
	| if .name == .control then [.name, "", "", "\($price)"]
	  else [.name, .needs, (skipped($control) | if . == "" then "nothing" else . end),
		"\($price) (\($price / $routed - 1 | percent))"] end
	| "| \(join(" | ")) |")
