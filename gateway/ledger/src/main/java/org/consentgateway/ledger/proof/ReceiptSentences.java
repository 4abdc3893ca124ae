package org.consentgateway.ledger.proof;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.Rfc3339;

/**
 * Confined to one receipt that holds. Who agreed to what, in which words, when, how, until when,
 * and what became of it: what the page and the verifier say alike.
 */
final class ReceiptSentences {
    private final JsonNode receipt;
    private final JsonNode payload;
    private final ReceiptWords words;
    private final AskedWords asked;
    private final List<String> said = new ArrayList<>();

    private ReceiptSentences(JsonNode receipt, ReceiptWords words) {
        this.receipt = receipt;
        this.payload = receipt.path("payload");
        this.words = words;
        this.asked = AskedWords.of(receipt);
    }

    static List<String> of(JsonNode receipt, ReceiptWords words) {
        return new ReceiptSentences(receipt, words).all();
    }

    private List<String> all() {
        String type = receipt.at("/entry/type").asText();
        String time = words.time(receipt.at("/entry/time").asText());
        if (payload.isNull()) {
            say("erased", time, words.named("event", type));
            return said;
        }
        boolean consent = Receipt.CONSENTS.contains(type);
        if (consent || Receipt.DECISIONS.contains(type) || type.equals(WITHDRAWN)) {
            say(
                    type,
                    time,
                    payload.at("/call/line").asText(),
                    payload.at("/controller/name").asText(),
                    purposes(payload.at("/decision/purposes")));
        } else {
            say("other", time, words.named("event", type));
        }
        answers();
        String pseudonym = payload.at("/subject/pseudonym").asText();
        if (pseudonym.isEmpty()) {
            say("nobody");
        } else {
            say("pseudonym", pseudonym);
        }
        if (Receipt.dependsOnAnother(receipt)) {
            receipt.path("since").forEach(this::became);
            said.add(depends(receipt, words));
        } else if (consent) {
            validity();
            state();
        }
        return said;
    }

    private static final String WITHDRAWN = EntryType.WITHDRAWN.text();

    private void say(String what, Object... values) {
        said.add(words.say(what, values));
    }

    private String purposes(JsonNode ids) {
        return ids.valueStream()
                .map(id -> words.named("purpose", id.asText()))
                .collect(Collectors.joining("; "));
    }

    private void answers() {
        for (JsonNode one : payload.at("/decision/evidence")) {
            String question = asked.spoken().get(one.path("part").asText());
            say("asked", question == null ? words.say("textless") : question, answer(one, words));
        }
        List<String> declined = asked.declined();
        if (!declined.isEmpty() && payload.at("/decision/purposes").isArray()) {
            say(
                    "declined",
                    declined.stream()
                            .map(id -> words.named("purpose", id))
                            .collect(Collectors.joining("; ")));
        }
    }

    /** By key, spoken or typed, and what that was taken for. */
    static String answer(JsonNode evidence, ReceiptWords words) {
        List<String> how = new ArrayList<>();
        if (evidence.path("key").isTextual()) {
            how.add(words.say("key", evidence.path("key").asText()));
        }
        if (evidence.path("words").isTextual()) {
            boolean typed = evidence.path("method").asText().equals("TEXT");
            how.add(words.say(typed ? "typed" : "words", evidence.path("words").asText()));
        }
        how.add(words.say(evidence.path("result").asText()));
        return String.join(", ", how);
    }

    /** Of a reaffirmation, which ends with the consent that it refers to and does not know it. */
    static String depends(JsonNode receipt, ReceiptWords words) {
        String consent = receipt.at("/payload/refers_to").asText();
        return consent.isEmpty() ? words.say("untold") : words.say("depends", consent);
    }

    private void validity() {
        JsonNode until = payload.at("/validity/until");
        if (until.isTextual()) {
            say("until", words.time(until.asText()));
            JsonNode brief = payload.at("/validity/this_call_only");
            if (!brief.isEmpty()) {
                say("this-call", purposes(brief));
            }
        } else {
            say("call");
        }
    }

    /** As of when, and what became of it until then. */
    private void state() {
        JsonNode asOf = ReceiptStatement.asOf(receipt);
        boolean ended = false;
        for (JsonNode later : receipt.path("since")) {
            ended |= became(later);
        }
        if (asOf.isMissingNode()) {
            say("untold");
            return;
        }
        String last = asOf.at("/entry/time").asText();
        if (!ended) {
            JsonNode until = payload.at("/validity/until");
            Instant end = until.isTextual() ? Rfc3339.of(until.asText()) : Instant.MAX;
            if (!Rfc3339.of(last).isBefore(end)) {
                say("expired", words.time(until.asText()));
            } else if (receipt.has(ReceiptStatement.MEMBER)) {
                say("standing");
            }
        }
        say(
                "as-of",
                asOf.at("/proof/size").asText(),
                asOf.at("/entry/log").asText(),
                words.time(last));
        say(receipt.has(ReceiptStatement.MEMBER) ? "stated" : "unstated");
    }

    /** Whether it ended the consent. */
    private boolean became(JsonNode later) {
        JsonNode what = later.path("payload");
        String time = words.time(later.at("/entry/time").asText());
        boolean itself =
                what.path("refers_to").asText().equals(receipt.at("/entry/entry_id").asText());
        String type = later.at("/entry/type").asText();
        if (type.equals(EntryType.PURPOSE_DECIDED.text())) {
            if (what.at("/decision/outcome").asText().equals("ENDED")) {
                String purpose = what.at("/decision/purpose").asText();
                String how = "purpose-ended-" + what.at("/decision/method").asText();
                say(words.has(how) ? how : "purpose-ended", time, words.named("purpose", purpose));
            }
            return false;
        }
        if (!itself) {
            return false;
        }
        if (type.equals(WITHDRAWN)) {
            String how = "withdrawn-" + what.at("/withdrawal/reason").asText();
            String when = what.at("/withdrawal/at").asText();
            say(words.has(how) ? how : "withdrawn", when.isEmpty() ? time : words.time(when));
            return true;
        }
        if (type.equals(EntryType.EXPIRED.text())) {
            say("expired", time);
            return true;
        }
        if (type.equals(EntryType.RENEWED.text())) {
            say("renewed", time);
            return true;
        }
        if (type.equals(EntryType.GIVEN.text())) {
            say("replaced", time);
            return true;
        }
        return false;
    }
}
