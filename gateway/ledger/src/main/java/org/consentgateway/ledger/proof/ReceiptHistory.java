package org.consentgateway.ledger.proof;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.Rfc3339;
import org.consentgateway.ledger.tree.VerifierKey;

/**
 * Confined to one check. What a receipt tells of before and after its entry: each proved like the
 * entry itself, each about it, and up to where the logs were looked at.
 */
final class ReceiptHistory {
    private final JsonNode receipt;
    private final List<VerifierKey> keys;

    ReceiptHistory(JsonNode receipt, List<VerifierKey> keys) {
        this.receipt = receipt;
        this.keys = keys;
    }

    void check(ReceiptCheck.Steps steps) {
        if (steps.allHeld() && receipt.has("heard")) {
            heard(steps);
        }
        if (steps.allHeld() && receipt.has("since")) {
            since(steps);
        }
        if (steps.allHeld() && receipt.has("as_of")) {
            asOf(steps);
        }
        if (steps.allHeld() && receipt.has(ReceiptStatement.MEMBER)) {
            steps.add(
                    ReceiptStatement.of(receipt).isSigned(receipt, keys),
                    "statement",
                    Receipt.dependsOnAnother(receipt)
                            ? "the log's key has signed it; of the consent that it refers to it"
                                    + " tells nothing"
                            : "the log's key has signed that this is all that stood there about"
                                    + " it; of the talks with one assistant the first and the"
                                    + " last");
        }
    }

    /** Played in the same call, and begun before it was decided. */
    private void heard(ReceiptCheck.Steps steps) {
        String call = receipt.at("/payload/call/gateway_call_id").asText();
        String decided = receipt.at("/entry/time").asText();
        boolean decision = Receipt.DECISIONS.contains(receipt.at("/entry/type").asText());
        for (JsonNode one : receipt.path("heard")) {
            String started = one.at("/payload/served/started_at").asText();
            boolean ours =
                    decision
                            && !call.isEmpty()
                            && is(one, EntryType.SERVED)
                            && one.at("/payload/call/gateway_call_id").asText().equals(call)
                            && Rfc3339.of(started).isBefore(Rfc3339.of(decided));
            if (!isProved(
                    one,
                    Receipt.HEARD_MEMBERS,
                    ours,
                    "of another call, or later",
                    steps,
                    "heard")) {
                return;
            }
        }
        steps.add(
                receipt.path("heard").isArray() && !receipt.path("heard").isEmpty(),
                "heard",
                receipt.path("heard").size() + " parts were played before, in the same call");
    }

    /** About this very consent, or about one of its reaffirmations that stand here. */
    private void since(ReceiptCheck.Steps steps) {
        Set<String> about = new HashSet<>(Set.of(receipt.at("/entry/entry_id").asText()));
        boolean consent = Receipt.CONSENTS.contains(receipt.at("/entry/type").asText());
        List<String> said = new ArrayList<>();
        for (JsonNode later : receipt.path("since")) {
            boolean ours = consent && about.contains(later.at("/payload/refers_to").asText());
            if (!isProved(
                    later,
                    Receipt.LATER_MEMBERS,
                    ours,
                    "it is not about this consent",
                    steps,
                    "since")) {
                return;
            }
            if (is(later, EntryType.REAFFIRMED)) {
                about.add(later.at("/entry/entry_id").asText());
            }
            said.add(type(later) + " " + later.at("/entry/time").asText());
        }
        steps.add(
                receipt.path("since").isArray() && !said.isEmpty(),
                "since",
                String.join(", ", said) + "; what was written later is not in this receipt");
    }

    private boolean isProved(
            JsonNode one,
            Set<String> members,
            boolean ours,
            String otherwise,
            ReceiptCheck.Steps steps,
            String what) {
        ReceiptCheck.Steps inner = steps.inner();
        ReceiptCheck.check(one, keys, inner);
        boolean known =
                ReceiptCheck.onlyKnown(one, members)
                        && ReceiptCheck.onlyKnown(one.path("proof"), Receipt.PROOF_MEMBERS);
        if (ours && known && inner.allHeld()) {
            return true;
        }
        String why = known ? inner.last() : "it holds more than is checked";
        return steps.add(false, what, type(one) + ": " + (ours ? why : otherwise));
    }

    /** The last entry of each log that something here is of, and nothing here is behind it. */
    private void asOf(ReceiptCheck.Steps steps) {
        Map<String, Long> sizes = new HashMap<>();
        for (JsonNode one : receipt.path("as_of")) {
            ReceiptCheck.Steps inner = steps.inner();
            ReceiptCheck.place(one, keys, inner);
            long size = ReceiptCheck.number(one.at("/proof/size"));
            boolean last =
                    ReceiptCheck.onlyKnown(one, Receipt.AS_OF_MEMBERS)
                            && ReceiptCheck.onlyKnown(one.path("proof"), Receipt.PROOF_MEMBERS)
                            && ReceiptCheck.number(one.at("/proof/index")) == size - 1;
            if (!inner.allHeld() || !last) {
                String why = last ? inner.last() : "it is not the last entry of its tree";
                steps.add(false, "as_of", one.at("/entry/log").asText() + ": " + why);
                return;
            }
            sizes.put(one.at("/entry/log").asText(), size);
        }
        List<JsonNode> proved = new ArrayList<>(List.of(receipt));
        receipt.path("since").forEach(proved::add);
        boolean covered =
                proved.stream()
                        .allMatch(one ->
                                ReceiptCheck.number(one.at("/entry/index"))
                                        < sizes.getOrDefault(one.at("/entry/log").asText(), 0L));
        steps.add(
                covered && receipt.path("as_of").isArray(),
                "as_of",
                "each log was looked at up to " + String.join(", ", at(sizes)));
    }

    private static List<String> at(Map<String, Long> sizes) {
        return sizes.entrySet().stream()
                .map(each -> each.getValue() + " entries of " + each.getKey())
                .sorted()
                .toList();
    }

    // ------------------------------------------------------------------ how it ended

    private static final Set<String> ENDS =
            Set.of(
                    EntryType.WITHDRAWN.text(),
                    EntryType.EXPIRED.text(),
                    EntryType.RENEWED.text(),
                    EntryType.GIVEN.text());

    /** What ended the consent of a receipt: withdrawn, expired, or replaced by another one. */
    static List<JsonNode> endings(JsonNode receipt) {
        String id = receipt.at("/entry/entry_id").asText();
        return receipt.path("since")
                .valueStream()
                .filter(later -> later.at("/payload/refers_to").asText().equals(id))
                .filter(later -> ENDS.contains(type(later)))
                .toList();
    }

    /** When it ended: of a withdrawal, when the caller said so. RFC 3339. */
    static String endedAt(JsonNode ending) {
        return ending.at("/payload/withdrawal/at").asText(ending.at("/entry/time").asText());
    }

    /** When the last talk with an assistant was over; empty where none was, or one goes on. */
    static Optional<Instant> endOfTalks(JsonNode receipt) {
        Optional<Instant> opened = last(receipt, EntryType.ASSISTANT_OPENED);
        return last(receipt, EntryType.ASSISTANT_CUT)
                .filter(cut -> opened.isEmpty() || !cut.isBefore(opened.get()));
    }

    private static Optional<Instant> last(JsonNode receipt, EntryType type) {
        return receipt.path("since")
                .valueStream()
                .filter(later -> is(later, type))
                .map(later -> Rfc3339.of(later.at("/entry/time").asText()))
                .max(Comparator.naturalOrder());
    }

    /** Purposes that were ended by themselves, and by which entry first. */
    static Map<String, JsonNode> endedPurposes(JsonNode receipt) {
        Map<String, JsonNode> ended = new LinkedHashMap<>();
        for (JsonNode later : receipt.path("since")) {
            JsonNode decision = later.at("/payload/decision");
            if (is(later, EntryType.PURPOSE_DECIDED)
                    && decision.path("outcome").asText().equals("ENDED")) {
                ended.putIfAbsent(decision.path("purpose").asText(), later);
            }
        }
        return ended;
    }

    private static boolean is(JsonNode one, EntryType type) {
        return type(one).equals(type.text());
    }

    private static String type(JsonNode one) {
        return one.at("/entry/type").asText();
    }
}
