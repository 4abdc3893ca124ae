package org.consentgateway.trial;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.consentgateway.token.Forgery;
import org.consentgateway.token.TrialTokens;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. Whom an assistant that is tried is to believe.
 *
 * @param tokens null: nobody, since it checks none, or none of ours
 * @param assistant for whom they are
 */
public record TrialTokenSource(@Nullable TrialTokens tokens, String assistant) {

    /**
     * Immutable. What nobody may believe.
     *
     * @param words what is wrong with it
     * @param consent of a call of its own
     */
    public record Wrong(String words, TrialConsent consent) {
        public Observation seen(Reaction reaction) {
            return switch (reaction) {
                case TALKS -> Observation.wrong("It talks to a caller though " + words + ".");
                case KEEPS_SILENT ->
                        Observation.odd(
                                ("It keeps the call and says nothing when %s: whether it believes"
                                                + " that cannot be told.")
                                        .formatted(words));
                case REFUSES ->
                        Observation.right("It does not talk to a caller when " + words + ".");
            };
        }
    }

    /** What an assistant does in a call that nobody may believe. */
    public enum Reaction {
        TALKS,
        /** For as long as a caller would wait for a greeting, and for an answer. */
        KEEPS_SILENT,
        /** Also after the answer, by hanging up without a word. */
        REFUSES
    }

    /** One for each way in which a token can be wrong; none where there are no tokens. */
    public List<Wrong> wrong() {
        TrialTokens forging = tokens;
        return forging == null
                ? List.of()
                : Stream.of(Forgery.values()).map(how -> forged(forging, how)).toList();
    }

    /** Of a new call, as it should be. */
    public TrialConsent right() {
        UUID call = UUID.randomUUID();
        UUID record = UUID.randomUUID();
        return new TrialConsent(call, record, token(call, record, TrialConsent.PURPOSES));
    }

    private Wrong forged(TrialTokens forging, Forgery how) {
        UUID call = UUID.randomUUID();
        String token = forging.forged(how, call, assistant);
        return new Wrong(how.words(), new TrialConsent(call, UUID.randomUUID(), token));
    }

    /** For what holds from now on; those before do not any more. */
    public String next(UUID call, UUID record, String purposes) {
        if (tokens != null) {
            tokens.end(call);
        }
        return token(call, record, purposes);
    }

    private String token(UUID call, UUID record, String purposes) {
        return tokens == null ? "" : tokens.of(call, record, assistant, purposes);
    }
}
