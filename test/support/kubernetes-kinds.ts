import type { IHTTPRoute } from '@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/HTTPRoute'
import type { Deployment } from 'kubernetes-types/apps/v1.d.ts'
import type { CronJob } from 'kubernetes-types/batch/v1.d.ts'
import type { ConfigMap, Service } from 'kubernetes-types/core/v1.d.ts'
import type { Ingress, NetworkPolicy } from 'kubernetes-types/networking/v1.d.ts'
import type { PodDisruptionBudget } from 'kubernetes-types/policy/v1.d.ts'

/** The kinds in the Kubernetes examples, of Kubernetes 1.30 and Gateway API 1.0. */
export interface KubernetesKinds {
  ConfigMap: ConfigMap
  CronJob: CronJob
  Deployment: Deployment
  HTTPRoute: IHTTPRoute
  Ingress: Ingress
  NetworkPolicy: NetworkPolicy
  PodDisruptionBudget: PodDisruptionBudget
  Service: Service
}
