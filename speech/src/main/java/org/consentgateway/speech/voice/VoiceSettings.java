package org.consentgateway.speech.voice;

import java.nio.file.Path;
import org.consentgateway.speech.words.Languages;

/**
 * Where prompts come from. Immutable.
 *
 * @param recordings folder with one folder per language, each with its {@code manifest.tsv}
 * @param cache folder for what a program spoke; may be emptied at any time
 * @param synthesise whether a text without recording may be spoken by a program at start
 * @param languages how texts are read out
 */
public record VoiceSettings(Path recordings, Path cache, boolean synthesise, Languages languages) {}
