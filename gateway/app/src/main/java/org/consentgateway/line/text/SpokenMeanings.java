package org.consentgateway.line.text;

import java.util.EnumSet;
import java.util.Set;
import org.consentgateway.call.answer.Meaning;
import org.consentgateway.speech.SpokenMeaning;

/**
 * What the recogniser can hear, joined to what a question can be answered with. A new constant on
 * either side does not compile until it is joined here. Immutable.
 */
public final class SpokenMeanings {
    private SpokenMeanings() {}

    public static Meaning meaning(SpokenMeaning spoken) {
        return switch (spoken) {
            case AGREE -> Meaning.AGREE;
            case REFUSE, NEGATED -> Meaning.REFUSE;
            case WITHDRAW -> Meaning.WITHDRAW;
            case REPEAT -> Meaning.REPEAT;
            case HELP -> Meaning.HELP;
            case OTHER_LANGUAGE -> Meaning.OTHER_LANGUAGE;
            case HUMAN -> Meaning.HUMAN;
            case INFORMATION -> Meaning.INFORMATION;
            case ERASE -> Meaning.ERASE;
            case COMPLAIN -> Meaning.COMPLAIN;
            case KEEP_NOTHING -> Meaning.KEEP_NOTHING;
            case HEDGED -> Meaning.HEDGED;
            case ZERO -> Meaning.ZERO;
            case ONE -> Meaning.ONE;
            case TWO -> Meaning.TWO;
            case THREE -> Meaning.THREE;
            case FOUR -> Meaning.FOUR;
            case FIVE -> Meaning.FIVE;
        };
    }

    public static Set<SpokenMeaning> spoken(Set<Meaning> meanings) {
        var spoken = EnumSet.noneOf(SpokenMeaning.class);
        meanings.forEach(meaning -> spoken.add(spoken(meaning)));
        return spoken;
    }

    private static SpokenMeaning spoken(Meaning meaning) {
        return switch (meaning) {
            case AGREE -> SpokenMeaning.AGREE;
            case REFUSE -> SpokenMeaning.REFUSE;
            case WITHDRAW -> SpokenMeaning.WITHDRAW;
            case REPEAT -> SpokenMeaning.REPEAT;
            case HELP -> SpokenMeaning.HELP;
            case OTHER_LANGUAGE -> SpokenMeaning.OTHER_LANGUAGE;
            case HUMAN -> SpokenMeaning.HUMAN;
            case INFORMATION -> SpokenMeaning.INFORMATION;
            case ERASE -> SpokenMeaning.ERASE;
            case COMPLAIN -> SpokenMeaning.COMPLAIN;
            case KEEP_NOTHING -> SpokenMeaning.KEEP_NOTHING;
            case HEDGED -> SpokenMeaning.HEDGED;
            case ZERO -> SpokenMeaning.ZERO;
            case ONE -> SpokenMeaning.ONE;
            case TWO -> SpokenMeaning.TWO;
            case THREE -> SpokenMeaning.THREE;
            case FOUR -> SpokenMeaning.FOUR;
            case FIVE -> SpokenMeaning.FIVE;
        };
    }
}
