package org.consentgateway.speech.words;

import java.util.OptionalDouble;

/**
 * A formula of readability: a sum of weighted counts, as all of them are. Immutable.
 *
 * @param name by which people who write texts know it
 * @param source who published it, where and when
 * @param wordsPerSentence and the following: weights; 0 where the formula does not ask
 * @param percentLong of words of three syllables and more
 * @param percentShort of words of one syllable
 * @param percentWide of words of more than six letters
 * @param least below is refused
 * @param wanted below is a caution
 * @param most above is refused
 */
public record Formula(
        String name,
        String source,
        double constant,
        double wordsPerSentence,
        double syllablesPerWord,
        double percentLong,
        double percentShort,
        double percentWide,
        OptionalDouble least,
        OptionalDouble wanted,
        OptionalDouble most) {}
