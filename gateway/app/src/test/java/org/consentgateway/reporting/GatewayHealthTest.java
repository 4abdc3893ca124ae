package org.consentgateway.reporting;

import static org.assertj.core.api.Assertions.assertThat;

import org.consentgateway.web.Status;
import org.junit.jupiter.api.Test;

class GatewayHealthTest {
    /** A load balancer that is told too early sends calls that are refused (503). */
    @Test
    void isReadyOnlyWhileCallsAreTaken() {
        assertThat(GatewayHealth.sip(false, true).state()).isEqualTo(Status.State.READY);
        assertThat(GatewayHealth.sip(false, false).state()).isEqualTo(Status.State.DOWN);
        assertThat(GatewayHealth.sip(true, false).state()).isEqualTo(Status.State.DOWN);
        assertThat(GatewayHealth.sip(true, true).state()).isEqualTo(Status.State.DOWN);
    }
}
