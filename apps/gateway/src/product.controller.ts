import { Controller, Headers } from '@nestjs/common';
import { Cached } from '@souk/cache';
import {
  type EndpointInput,
  type ImportReport,
  productContracts,
  productEndpoints,
  type ProductView,
  toProductView,
} from '@souk/contracts';
import { RpcClient } from '@souk/rpc';
import { catalogueCache } from './catalogue.cache.ts';
import { Endpoint, Input } from './endpoint.decorator.ts';
import { ProductEditor } from './product.editor.ts';
import { ProductImporter } from './product.importer.ts';

@Controller()
export class ProductController {
  constructor(
    private readonly rpc: RpcClient,
    private readonly editor: ProductEditor,
    private readonly importer: ProductImporter,
  ) {}

  @Cached(catalogueCache.list)
  @Endpoint(productEndpoints.list)
  async list(@Input() { query }: EndpointInput<typeof productEndpoints.list>) {
    const { items, nextCursor } = await this.rpc.call(productContracts.list, query);
    return { items: items.map(toProductView), nextCursor };
  }

  @Cached(catalogueCache.get)
  @Endpoint(productEndpoints.get)
  async get(@Input() { params }: EndpointInput<typeof productEndpoints.get>): Promise<ProductView> {
    return toProductView(await this.rpc.call(productContracts.get, params));
  }

  @Cached(catalogueCache.categories)
  @Endpoint(productEndpoints.categories)
  categories(@Input() _: EndpointInput<typeof productEndpoints.categories>) {
    return this.rpc.call(productContracts.categories, {});
  }

  @Endpoint(productEndpoints.create)
  async create(@Input() { body }: EndpointInput<typeof productEndpoints.create>): Promise<ProductView> {
    return toProductView(await this.rpc.call(productContracts.create, body));
  }

  @Endpoint(productEndpoints.import)
  import(
    @Input() { body }: EndpointInput<typeof productEndpoints.import>,
    @Headers('content-type') type: string,
  ): Promise<ImportReport> {
    return this.importer.import(type, body);
  }

  @Endpoint(productEndpoints.update)
  async update(
    @Input() { params, headers, body }: EndpointInput<typeof productEndpoints.update>,
  ): Promise<ProductView> {
    return toProductView(await this.editor.update(params.id, body, headers['if-match']));
  }

  @Endpoint(productEndpoints.remove)
  async remove(@Input() { params }: EndpointInput<typeof productEndpoints.remove>): Promise<undefined> {
    await this.rpc.call(productContracts.remove, params);
  }
}
