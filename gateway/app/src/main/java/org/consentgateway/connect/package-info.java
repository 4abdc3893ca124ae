/**
 * Other systems that we connect to: what they are asked to do by HTTP, and whom we believe over
 * TLS.
 */
@NullMarked
package org.consentgateway.connect;

import org.jspecify.annotations.NullMarked;
