package org.consentgateway;

import java.util.List;
import org.consentgateway.call.spoken.Utterance;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.notice.NoticeLibrary;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.PartSettings;

/** Immutable. One reading of the configuration, and of the texts that go with it. */
record ConfigReading(GatewayConfig config, PartSettings settings, NoticeLibrary notices) {
    List<AudioClip> clips(Utterance said) {
        return said.parts().stream().map(part -> notices.clip(said.notice(), part)).toList();
    }
}
