/** One trace per call, for those who follow calls through several systems: OpenTelemetry, OTLP. */
@NullMarked
package org.consentgateway.tracing;

import org.jspecify.annotations.NullMarked;
