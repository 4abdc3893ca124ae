package org.consentgateway.notice;

import java.nio.file.Path;
import org.consentgateway.speech.voice.VoiceSettings;

/**
 * Immutable. Where texts and recordings are, and what for.
 *
 * @param notices the folder of the notices
 */
public record TextSources(Path notices, VoiceSettings voice, NoticeUse use) {}
