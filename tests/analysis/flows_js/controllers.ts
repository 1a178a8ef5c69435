// === a controller of NestJS is run with what the decorators of its parameters name
import { NestFactory } from "@nestjs/core";
import { Body, Controller, Get, Header, Injectable, Param, ParseIntPipe, Post, Query, Res } from "@nestjs/common";
import { Repository } from "typeorm";
import { exec } from "child_process";
import serverlessExpress from "@vendia/serverless-express";

@Injectable()
export class Tools {
  run(name: string) {
    exec(`run ${name}`); // flow: shell pathParameters.name
  }
}

@Injectable()
export class Store {
  constructor(private readonly repository: Repository<unknown>, private tools: Tools) {}
  find(where: string) {
    return this.repository.query(`select 1 where ${where}`); // flow: sql body.where
  }
  run(name: string) {
    this.tools.run(name);
  }
}

@Controller("things")
export class Things {
  constructor(private readonly store: Store) {}

  @Get(":name")
  run(@Param("name") name: string, @Query("n", ParseIntPipe) n: number) {
    this.store.run(name);
    exec(`run ${n}`);
    return { name };
  }

  @Post()
  find(@Body() body: { where: string }) {
    return this.store.find(body.where);
  }

  @Get("page")
  page(@Query("q") q: string) { // flow: page queryStringParameters.q
    return `<h1>${q}</h1>`;
  }

  @Get("text")
  @Header("Content-Type", "text/plain")
  text(@Query("q") q: string) {
    return `<h1>${q}</h1>`;
  }

  @Get("sent")
  sent(@Query("s") s: string, @Res() res) {
    res.send("<h1>" + s); // flow: page queryStringParameters.s
  }

  unrouted(q: string) {
    exec(q);
  }
}

export class Module {}

export const handler = async (event, context, callback) => {
  const app = await NestFactory.create(Module);
  await app.init();
  return serverlessExpress({ app: app.getHttpAdapter().getInstance() })(event, context, callback);
};
