package org.consentgateway.ledger.tree;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. Whom a verifier believes (C2SP tlog-policy): keys of logs, witnesses, and how many of
 * them have to have cosigned a checkpoint.
 *
 * @param groups in the order of their definition
 * @param quorum name of a witness or a group; null where no cosignature is needed
 */
public record TrustPolicy(
        List<VerifierKey> logs,
        List<Witness> witnesses,
        List<Group> groups,
        @Nullable String quorum) {
    /** Nothing is asked of witnesses. */
    public static final TrustPolicy NONE = new TrustPolicy(List.of(), List.of(), List.of(), null);

    private static final String QUORUM_OF_ALL = "quorum-of-witnesses";
    private static final String NO_QUORUM = "none";

    /**
     * @param name in this policy alone
     * @param url prefix of its service; null where it is not told
     */
    public record Witness(String name, WitnessKey key, @Nullable URI url) {}

    /**
     * @param needed how many of its members
     */
    public record Group(String name, int needed, List<String> members) {}

    /**
     * What a checkpoint's cosignatures say.
     *
     * @param by names of the witnesses whose cosignature is right
     * @param wrong names of those in whose name stands something else
     * @param enough whether these are as many as are needed, and none is wrong
     */
    public record Witnessed(Set<String> by, Set<String> wrong, boolean enough) {}

    public TrustPolicy {
        logs = List.copyOf(logs);
        witnesses = List.copyOf(witnesses);
        groups = List.copyOf(groups);
    }

    /**
     * @param needed so many of them, any
     */
    public static TrustPolicy of(List<Witness> witnesses, int needed) {
        if (witnesses.isEmpty()) {
            return NONE;
        }
        Group all =
                new Group(QUORUM_OF_ALL, needed, witnesses.stream().map(Witness::name).toList());
        return new TrustPolicy(List.of(), witnesses, List.of(all), all.name());
    }

    public TrustPolicy withLogs(List<VerifierKey> keys) {
        return new TrustPolicy(keys, witnesses, groups, quorum);
    }

    public boolean needsWitnesses() {
        return quorum != null;
    }

    public Witnessed judge(SignedNote note) {
        Set<String> by = new HashSet<>();
        Set<String> wrong = new HashSet<>();
        for (Witness witness : witnesses) {
            for (SignedNote.SignatureLine line : note.signatures()) {
                if (witness.key.isOf(line)) {
                    boolean right = witness.key.signedAt(note.text(), line).isPresent();
                    (right ? by : wrong).add(witness.name);
                }
            }
        }
        return new Witnessed(by, wrong, wrong.isEmpty() && isEnough(by));
    }

    /**
     * @param by names of witnesses
     */
    public boolean isEnough(Set<String> by) {
        return quorum == null || holds(quorum, by);
    }

    private boolean holds(String name, Set<String> by) {
        for (Group group : groups) {
            if (group.name.equals(name)) {
                return group.members.stream().filter(one -> holds(one, by)).count() >= group.needed;
            }
        }
        return by.contains(name);
    }

    /** In words, such as "2 of auditor, works council, site B". */
    public String needed() {
        return quorum == null ? "none" : needed(quorum);
    }

    private String needed(String name) {
        for (Group group : groups) {
            if (group.name.equals(name)) {
                return group.members.stream()
                        .map(this::needed)
                        .collect(Collectors.joining(", ", group.needed + " of (", ")"));
            }
        }
        return name;
    }

    /** As a file. */
    public String text() {
        StringBuilder text = new StringBuilder();
        logs.forEach(key -> text.append("log ").append(key.text()).append('\n'));
        for (Witness witness : witnesses) {
            text.append("witness ").append(witness.name).append(' ').append(witness.key.text());
            text.append(witness.url == null ? "" : " " + witness.url).append('\n');
        }
        for (Group group : groups) {
            text.append("group ").append(group.name).append(' ').append(group.needed);
            group.members.forEach(member -> text.append(' ').append(member));
            text.append('\n');
        }
        return text.append("quorum ")
                .append(quorum == null ? NO_QUORUM : quorum)
                .append('\n')
                .toString();
    }

    /**
     * @throws IllegalArgumentException with the line and what is wrong in it
     */
    public static TrustPolicy parse(String text) {
        var parsing = new Parsing();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                try {
                    parsing.line(Arrays.asList(line.split("[ \t]+")));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(
                            "line " + (i + 1) + " of the policy: " + e.getMessage(), e);
                }
            }
        }
        return parsing.policy();
    }

    /** Confined to one text. */
    private static final class Parsing {
        private final List<VerifierKey> logs = new ArrayList<>();
        private final Map<String, Witness> witnesses = new LinkedHashMap<>();
        private final Map<String, Group> groups = new LinkedHashMap<>();
        private final Set<String> members = new HashSet<>();
        private @Nullable String quorum;

        void line(List<String> items) {
            switch (items.getFirst()) {
                case "log" -> log(items);
                case "witness" -> witness(items);
                case "group" -> group(items);
                case "quorum" -> {
                    require(quorum == null, "a second quorum");
                    require(items.size() == 2, "quorum NAME, or quorum none");
                    String name = items.get(1);
                    require(name.equals(NO_QUORUM) || isKnown(name), "no " + name + " above");
                    quorum = name;
                }
                default -> throw new IllegalArgumentException("unknown: " + items.getFirst());
            }
        }

        private void log(List<String> items) {
            require(items.size() == 2 || items.size() == 3, "log VKEY [URL]");
            VerifierKey key =
                    VerifierKey.parse(items.get(1))
                            .orElseThrow(() ->
                                    new IllegalArgumentException(
                                            items.get(1) + " is no key of a log"));
            require(
                    logs.stream().noneMatch(one -> Arrays.equals(one.key(), key.key())),
                    "this key stands above already");
            logs.add(key);
        }

        private void witness(List<String> items) {
            require(items.size() == 3 || items.size() == 4, "witness NAME VKEY [URL]");
            WitnessKey key =
                    WitnessKey.parse(items.get(2))
                            .orElseThrow(() ->
                                    new IllegalArgumentException(
                                            items.get(2) + " is no key of a witness"));
            require(
                    witnesses.values().stream()
                            .noneMatch(one -> Arrays.equals(one.key.key(), key.key())),
                    "this key stands above already");
            URI url = items.size() == 4 ? url(items.get(3)) : null;
            witnesses.put(newName(items.get(1)), new Witness(items.get(1), key, url));
        }

        private void group(List<String> items) {
            require(items.size() >= 4, "group NAME all|any|NUMBER NAME…");
            List<String> of = items.subList(3, items.size());
            for (String member : of) {
                require(isKnown(member), "no " + member + " above");
                require(members.add(member), member + " is in a group already");
            }
            int needed =
                    switch (items.get(2)) {
                        case "all" -> of.size();
                        case "any" -> 1;
                        default -> Integer.parseInt(items.get(2));
                    };
            require(needed >= 1 && needed <= of.size(), "1 to " + of.size() + " of them");
            groups.put(newName(items.get(1)), new Group(items.get(1), needed, List.copyOf(of)));
        }

        private String newName(String name) {
            require(!name.equals(NO_QUORUM) && !isKnown(name), name + " stands above already");
            return name;
        }

        private boolean isKnown(String name) {
            return witnesses.containsKey(name) || groups.containsKey(name);
        }

        private static URI url(String text) {
            try {
                return new URI(text);
            } catch (URISyntaxException e) {
                throw new IllegalArgumentException(text + " is no web address", e);
            }
        }

        TrustPolicy policy() {
            String chosen =
                    Optional.ofNullable(quorum)
                            .orElseThrow(() ->
                                    new IllegalArgumentException(
                                            "the policy has no line \"quorum NAME\""));
            return new TrustPolicy(
                    logs,
                    List.copyOf(witnesses.values()),
                    List.copyOf(groups.values()),
                    chosen.equals(NO_QUORUM) ? null : chosen);
        }

        private static void require(boolean held, String otherwise) {
            if (!held) {
                throw new IllegalArgumentException(otherwise);
            }
        }
    }
}
