package org.consentgateway.reporting;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.consentgateway.web.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayHealthTest {
    /** A load balancer that is told too early sends calls that are refused (503). */
    @Test
    void isReadyOnlyWhileCallsAreTaken() {
        assertThat(GatewayHealth.sip(false, true).state()).isEqualTo(Status.State.READY);
        assertThat(GatewayHealth.sip(false, false).state()).isEqualTo(Status.State.DOWN);
        assertThat(GatewayHealth.sip(true, false).state()).isEqualTo(Status.State.DOWN);
        assertThat(GatewayHealth.sip(true, true).state()).isEqualTo(Status.State.DOWN);
    }

    /** Told ahead: calls are taken, and consents recorded, as long as there is any room. */
    @Test
    void aDiskWithLittleRoomLimitsAndTakesNoNodeOutOfService(@TempDir Path directory) {
        Status.Part low = GatewayHealth.disk(new DataDisk(directory, List.of(), 1_000_000_000));
        assertThat(low.name()).isEqualTo("disk");
        assertThat(low.state()).isEqualTo(Status.State.LIMITED);
        assertThat(low.detail()).contains("less than store.low-disk");

        Status.Part roomy = GatewayHealth.disk(new DataDisk(directory, List.of(), 0));
        assertThat(roomy.state()).isEqualTo(Status.State.READY);
        assertThat(roomy.detail()).contains(" MB free for ");
    }
}
