package org.consentgateway.bench.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What has to hold whatever befell: of what was heard, and of the record. Immutable. */
record Laws(ChaosGateway gateway, ChaosAssistant assistant) {
    /** 100 ms, and two packets that were on their way when the last key's packet was. */
    static final int MOST_AFTER_WITHDRAWAL = 7;

    /** Longer than any prompt, ringing or wait for an answer. */
    static final Duration MOST_SILENCE = Duration.ofSeconds(12);

    private static final Pattern ENTRY =
            Pattern.compile("^\\{\"id\":\"([0-9a-f-]{36})\"", Pattern.MULTILINE);
    private static final Pattern ENDED = Pattern.compile("\"refers_to\":\"([0-9a-f-]{36})\"");
    private static final Pattern NUMBER = Pattern.compile("49177\\d{7}");

    /**
     * Of what assistants heard, which holds at every moment.
     *
     * @return what is broken, in words; empty where nothing is
     */
    List<String> ofSound(List<ChaosCaller> callers) {
        List<String> broken = new ArrayList<>();
        for (ChaosAssistant.Call call : assistant.calls()) {
            if (call.before() > 0) {
                broken.add(
                        "an assistant heard %d packets of a caller before any yes"
                                .formatted(call.before()));
            }
            if (call.withdrawn() > MOST_AFTER_WITHDRAWAL) {
                broken.add(
                        "an assistant heard %d packets of a caller behind a withdrawal"
                                .formatted(call.withdrawn()));
            }
            if (call.consent().isEmpty()) {
                broken.add("an assistant was called without a consent");
            }
        }
        for (ChaosCaller caller : callers) {
            if (!caller.agreed() && caller.heardAssistant()) {
                broken.add(
                        "who never agreed heard the assistant: %s%s"
                                .formatted(caller.wish(), caller.speaks() ? ", aloud" : ""));
            }
        }
        return broken;
    }

    /** Whoever the gateway still has is heard or spoken to; not of calls that a kill ended. */
    List<String> ofSilence(List<ChaosCaller> callers) {
        List<String> broken = new ArrayList<>();
        for (ChaosCaller caller : callers) {
            if (caller.wasAnswered()
                    && caller.endedWell()
                    && caller.longestSilence().compareTo(MOST_SILENCE) > 0) {
                broken.add(
                        "a caller (%s) heard nothing for %d s"
                                .formatted(caller.wish(), caller.longestSilence().toSeconds()));
            }
        }
        return broken;
    }

    /** Of talks beside which something befell somebody else: they go on. */
    List<String> ofTalks(Collection<ChaosCaller> callers) {
        return callers.stream()
                .filter(ChaosCaller::wasLeftInTheTalk)
                .map(caller -> "a talk with the assistant was ended: " + caller.wish())
                .toList();
    }

    /** Of calls that nobody is in any more. */
    List<String> ofEnds() throws IOException, InterruptedException {
        double active = gateway.metric("consent_calls_active");
        return active == 0
                ? List.of()
                : List.of("%.0f calls are still under way, of nobody".formatted(active));
    }

    /** Of an account: whoever was shut out comes back, and does not hammer. */
    static List<String> ofRegistration(ChaosRegistrar registrar, Duration time) {
        List<String> broken = new ArrayList<>();
        if (!registrar.hasIt()) {
            broken.add("the gateway is not registered again");
        }
        if (registrar.asked() > 10 + time.toSeconds()) {
            broken.add("%d REGISTERs in %d s".formatted(registrar.asked(), time.toSeconds()));
        }
        return broken;
    }

    /** That nothing in the log was changed; asks the gateway's own command line. */
    List<String> ofProof() throws InterruptedException {
        try {
            gateway.command("ledger", "verify");
            return List.of();
        } catch (IOException wrong) {
            return List.of(String.valueOf(wrong.getMessage()));
        }
    }

    /**
     * Of the record; asks the gateway's own command line, which takes seconds.
     *
     * @param withdrew who pressed *9 while they talked, and whose gateway went on or said that it
     *     is done
     */
    List<String> ofRecord(Collection<ChaosCaller> withdrew)
            throws IOException, InterruptedException {
        List<String> broken = new ArrayList<>(ofProof());
        Set<String> given = entries("Given", ENTRY);
        Map<String, Set<String>> byNumber = new HashMap<>();
        for (ChaosAssistant.Call call : assistant.calls()) {
            if (!given.contains(call.consent())) {
                broken.add("an assistant was called for a consent that is not in the log");
            }
            byNumber.computeIfAbsent(call.number(), _ -> new HashSet<>()).add(call.consent());
        }
        Set<String> withdrawn = entries("Withdrawn", ENDED);
        for (ChaosCaller caller : withdrew) {
            Set<String> consents = byNumber.getOrDefault(caller.number(), Set.of());
            if (consents.isEmpty()) {
                broken.add("no assistant was told of a caller who talked to one");
            }
            if (!withdrawn.containsAll(consents)) {
                broken.add(
                        "a withdrawal is not in the log%s"
                                .formatted(
                                        caller.heardDone() ? ", which was said to be done" : ""));
            }
        }
        if (NUMBER.matcher(gateway.log()).find()) {
            broken.add("a caller's number is in the gateway's log");
        }
        return broken;
    }

    /**
     * @param id of which entry, as its first group
     */
    private Set<String> entries(String type, Pattern id) throws IOException, InterruptedException {
        String listed =
                gateway.command("ledger", "list", "--json", "--type", type, "--limit", "1000000");
        Set<String> ids = new HashSet<>();
        Matcher each = id.matcher(listed);
        while (each.find()) {
            ids.add(each.group(1));
        }
        return ids;
    }
}
