package org.consentgateway.target;

import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.journal.DurableGrant;

/**
 * Immutable. What an assistant learns of who calls. Whatever is configured, nothing of a caller who
 * withholds the number, and nothing that no trunk vouches for: it would name somebody else.
 */
public sealed interface CallerShown {

    /** As in the configuration. */
    String NEVER = "never";

    String PSEUDONYM = "pseudonym";
    String WITH_PURPOSE = "with-purpose ";

    record Never() implements CallerShown {}

    record Pseudonym() implements CallerShown {}

    /** The number, to whoever agreed to this purpose. */
    record WithPurpose(Purpose purpose) implements CallerShown {}

    /**
     * @throws IllegalArgumentException where it is none
     */
    static CallerShown parse(String text) {
        if (text.startsWith(WITH_PURPOSE)) {
            return new WithPurpose(new Purpose(text.substring(WITH_PURPOSE.length())));
        }
        return switch (text) {
            case NEVER -> new Never();
            case PSEUDONYM -> new Pseudonym();
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static boolean mayBeNamed(CallFacts facts) {
        return facts.callerIdPresent() && facts.asserted() && !facts.clir();
    }

    default boolean showsPseudonym(CallFacts facts) {
        return mayBeNamed(facts)
                && switch (this) {
                    case Never _, WithPurpose _ -> false;
                    case Pseudonym _ -> true;
                };
    }

    default boolean showsNumber(CallFacts facts, DurableGrant grant) {
        return mayBeNamed(facts)
                && switch (this) {
                    case Never _, Pseudonym _ -> false;
                    case WithPurpose(Purpose purpose) -> grant.purposes().contains(purpose);
                };
    }
}
