package org.consentgateway.target;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.consentgateway.call.far.PurposeNews;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.journal.DurableGrant;
import org.consentgateway.token.ConsentToken;

/**
 * Immutable. What an assistant is told of one purpose in the middle of its call, whatever it is
 * reached by.
 *
 * @param state asking, granted, declined or ended
 * @param reason of declined; else empty
 * @param holds from now on; empty where nothing has changed
 */
public record PurposeReport(String state, String purpose, String reason, Optional<Holds> holds) {

    /**
     * Immutable.
     *
     * @param consent the record of it
     * @param purposes ids, one space between
     * @param token for exactly these
     */
    public record Holds(String consent, String purposes, String token) {
        @Override
        public String toString() {
            return "Holds[" + consent + "]";
        }
    }

    /**
     * @param tokens for what holds from now on
     */
    static PurposeReport of(PurposeNews news, Function<DurableGrant, ConsentToken> tokens) {
        return switch (news) {
            case PurposeNews.AskedNow now -> of("asking", now, "", Optional.empty());
            case PurposeNews.Granted granted ->
                    of("granted", granted, "", Optional.of(holds(granted.grant(), tokens)));
            case PurposeNews.Declined declined ->
                    of("declined", declined, word(declined.why()), Optional.empty());
            case PurposeNews.Ended ended ->
                    of("ended", ended, "", Optional.of(holds(ended.left(), tokens)));
        };
    }

    /** Not put at all: another question is under way. */
    public static PurposeReport pending(String purpose) {
        return new PurposeReport("declined", purpose, "request-pending", Optional.empty());
    }

    /** Not put at all: there is no such purpose. */
    public static PurposeReport notOffered(String purpose) {
        return new PurposeReport(
                "declined", purpose, word(PurposeNews.Why.NOT_OFFERED), Optional.empty());
    }

    private static PurposeReport of(
            String state, PurposeNews news, String reason, Optional<Holds> holds) {
        return new PurposeReport(state, news.purpose().id(), reason, holds);
    }

    private static String word(PurposeNews.Why why) {
        return why.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Holds holds(DurableGrant grant, Function<DurableGrant, ConsentToken> tokens) {
        return new Holds(
                grant.record().toString(),
                grant.purposes().stream().map(Purpose::id).collect(Collectors.joining(" ")),
                tokens.apply(grant).thin());
    }

    /**
     * As the fields of a message.
     *
     * @param state what the state is called there
     * @param consent what the record of the consent is called there
     */
    public Map<String, String> fields(String state, String consent) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put(state, this.state);
        fields.put("purpose", purpose);
        if (!reason.isEmpty()) {
            fields.put("reason", reason);
        }
        holds.ifPresent(now -> {
            fields.put(consent, now.consent());
            fields.put("purposes", now.purposes());
            fields.put("token", now.token());
        });
        return fields;
    }
}
