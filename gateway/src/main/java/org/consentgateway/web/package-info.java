/** REST, health and metrics endpoint; every path in one file. */
@NullMarked
package org.consentgateway.web;

import org.jspecify.annotations.NullMarked;
