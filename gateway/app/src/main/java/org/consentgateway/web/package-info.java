/** Status page, health and metrics endpoint: thin; every path in {@link Routes}. */
@NullMarked
package org.consentgateway.web;

import org.jspecify.annotations.NullMarked;
