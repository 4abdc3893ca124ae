package org.consentgateway.notice;

import java.nio.file.Path;
import org.consentgateway.speech.voice.VoiceSettings;

/**
 * Immutable. Where texts and recordings are.
 *
 * @param notices the folder of the notices
 */
public record TextSources(Path notices, VoiceSettings voice) {}
