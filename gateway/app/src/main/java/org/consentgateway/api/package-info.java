/**
 * What other systems may ask and do over HTTP, {@code /v1}: every route in {@link ApiRoutes}, held
 * to {@code openapi.yaml} by a test. Whoever asks has passed {@link ApiGuard}.
 */
@NullMarked
package org.consentgateway.api;

import org.jspecify.annotations.NullMarked;
